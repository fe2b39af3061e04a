package io.portcurfew.observe.linux.events.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.observe.linux.owner.EventOwners;
import io.portcurfew.observe.linux.proc.FileId;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import io.portcurfew.observe.linux.proc.ProcessIdentity;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A process that ends has a number for a while, but neither a file nor namespaces. */
@LiveHost
class EndingProcessLiveTest {

  private static final Path ROOT = Path.of("/");
  private static final ProcFs PROC = new ProcFs(ROOT);
  private static final ProcessFacts FACTS =
      new ProcessFacts(new Program("/usr/bin/nc", 1, 2), 1, 41, 42, 43);

  /** Its child has ended, and nobody asks for its status. */
  private static final String WITH_ENDED_CHILD =
      """
      pid = os.fork()
      if pid == 0: os._exit(0)
      while open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0] != 'Z': pass
      ready(pid)
      """;

  @Test
  void endedProcess_hasTheFactsOfItsEvent() throws Exception {
    try (PythonProcess python = PythonProcess.run(WITH_ENDED_CHILD)) {
      ProcessGlimpse glimpse = LiveGlimpse.of(python.word(0), FACTS);
      assertThat(glimpse.startTicks()).isNotNull();
      assertThat(glimpse.path()).isEqualTo("/usr/bin/nc");
      assertThat(glimpse.namespace()).isEqualTo(41);
      assertThat(glimpse.inHostMounts()).isFalse();
      assertThat(glimpse.inHostUsers()).isFalse();
    }
  }

  @Test
  void endedProcess_doesNotRun() throws Exception {
    try (PythonProcess python = PythonProcess.run(WITH_ENDED_CHILD);
        EventOwners owners = new EventOwners(ROOT, new ProcFs(ROOT))) {
      Long start = LiveGlimpse.of(python.word(0), FACTS).startTicks();
      assertThat(start).isNotNull();
      assertThat(owners.running(python.word(0), start)).isNull();
      assertThat(owners.running(python.word(0), start, "/usr/bin/nc", 0, 0)).isNull();
    }
  }

  private static FileId fileOf(int pid) {
    try (ProcessFolder folder = Objects.requireNonNull(PROC.process(pid))) {
      return Objects.requireNonNull(ProcessIdentity.of(folder).executable());
    }
  }

  @Test
  void processThatRuns_isAnsweredOnlyForItsProgram() throws Exception {
    try (PythonProcess python = PythonProcess.run("ready()");
        EventOwners owners = new EventOwners(ROOT, new ProcFs(ROOT))) {
      Long start = LiveGlimpse.of(python.pid()).startTicks();
      assertThat(start).isNotNull();
      FileId file = fileOf(python.pid());
      String path = String.valueOf(LiveGlimpse.of(python.pid()).path());
      int pid = python.pid();
      assertThat(owners.running(pid, start, path, file.device(), file.inode())).isNotNull();
      assertThat(owners.running(pid, start, path, 0, 0)).isNotNull();
      assertThat(owners.running(pid, start)).isNotNull();
      assertThat(owners.running(pid, start, path, file.device(), file.inode() + 1)).isNull();
      assertThat(owners.running(pid, start, "/usr/bin/nc", 0, 0)).isNull();
      assertThat(owners.running(pid, start + 1, path, 0, 0)).isNull();
      assertThat(owners.running(pid, start + 1)).isNull();
    }
  }
}
