package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import java.time.Duration;

/** Glimpses of processes of this host at the moment of the call. */
public final class LiveGlimpse {

  private static final ProcFs PROC = new ProcFs(Path.of("/"));

  private LiveGlimpse() {}

  /** A process about which the kernel reported nothing. */
  public static ProcessGlimpse of(int pid) {
    return of(pid, ProcessFacts.NONE);
  }

  static ProcessGlimpse of(int pid, ProcessFacts facts) {
    ProcessGlimpse.HostMarks marks = ProcessGlimpse.HostMarks.read(PROC);
    return ProcessGlimpse.of(PROC, pid, null, facts, Duration.ZERO, marks);
  }
}
