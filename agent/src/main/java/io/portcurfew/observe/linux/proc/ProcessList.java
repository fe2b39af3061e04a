package io.portcurfew.observe.linux.proc;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Lists the processes. It reads /proc again only if a new process may have started. */
public final class ProcessList implements AutoCloseable {

  private final ProcFs proc;
  private final KeptFile load;
  private byte @Nullable [] lastPid;
  private boolean listAgain = true;
  private BitSet pids = new BitSet();
  private int failure;

  /** Creates an empty list. */
  public ProcessList(ProcFs proc) {
    this.proc = proc;
    this.load = proc.keep("proc/loadavg");
  }

  /** Returns another reader of the /proc of the processes. */
  public ProcFs reader() {
    return proc.another();
  }

  /**
   * Returns the process ids of the last {@link #refresh}. The set never changes; a refresh creates
   * a new set if the ids differ.
   */
  public BitSet pids() {
    return pids;
  }

  /** Returns the error number of the last refresh, or 0 if it listed the processes. */
  public int failure() {
    return failure;
  }

  /** Lists the processes again if a new one may have started. */
  public void refresh() {
    // The last field is the last process id that was assigned. If it is the same as before, no
    // process has started. The kernel assigns an id before it shows the process, so after a new
    // id the processes are listed twice.
    byte[] line = proc.isOfOwnPidNamespace() ? load.read(1) : null;
    byte[] last = line == null ? null : lastField(line);
    boolean same = last != null && Arrays.equals(last, lastPid);
    if (same && !listAgain) {
      return;
    }
    int[] listed = proc.pids();
    failure = listed == null ? proc.error() : 0;
    if (listed == null) {
      return;
    }
    lastPid = last;
    listAgain = !same;
    BitSet now = new BitSet();
    for (int pid : listed) {
      now.set(pid);
    }
    if (!now.equals(pids)) {
      pids = now;
    }
  }

  /** Returns the processes that are not in {@code before}. */
  public BitSet arrivedSince(BitSet before) {
    BitSet arrived = (BitSet) pids.clone();
    arrived.andNot(before);
    return arrived;
  }

  @Override
  public void close() {
    load.close();
  }

  private static byte[] lastField(byte[] line) {
    int from = line.length;
    while (from > 0 && line[from - 1] != ' ') {
      from--;
    }
    return Arrays.copyOfRange(line, from, line.length);
  }
}
