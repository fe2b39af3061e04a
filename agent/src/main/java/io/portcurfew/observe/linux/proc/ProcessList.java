package io.portcurfew.observe.linux.proc;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which processes there are; /proc is listed again only where a process may have been made since.
 */
public final class ProcessList {

  private final ProcFs proc;
  private byte @Nullable [] lastPid;
  private boolean again = true;
  private BitSet pids = new BitSet();
  private int failure;

  public ProcessList(ProcFs proc) {
    this.proc = proc;
  }

  /** The process ids at the last {@link #refresh}: never changed, a new set where they differ. */
  public BitSet pids() {
    return pids;
  }

  /**
   * The error number with which they could not be listed at the last refresh; 0 where they were.
   */
  public int failure() {
    return failure;
  }

  /** Lists them anew where needed. */
  public void refresh() {
    // The last field is the last process id that was given away: the same one, no new process. An
    // id is given away before its process is shown, so after a new one they are listed twice.
    byte[] load = proc.isOfOwnPidNamespace() ? proc.read("proc/loadavg") : null;
    byte[] last = load == null ? null : lastField(load);
    boolean same = last != null && Arrays.equals(last, lastPid);
    if (same && !again) {
      return;
    }
    int[] listed = proc.pids();
    failure = listed == null ? proc.error() : 0;
    if (listed == null) {
      return;
    }
    lastPid = last;
    again = !same;
    BitSet now = new BitSet();
    for (int pid : listed) {
      now.set(pid);
    }
    if (!now.equals(pids)) {
      pids = now;
    }
  }

  /** Those that are not in {@code before}, the newest first judging by their numbers. */
  public int[] arrivedSince(BitSet before) {
    BitSet arrived = (BitSet) pids.clone();
    arrived.andNot(before);
    return newestFirst(arrived);
  }

  /** The higher number first. */
  static int[] newestFirst(BitSet pids) {
    int[] ordered = new int[pids.cardinality()];
    int at = ordered.length;
    for (int pid = pids.nextSetBit(0); pid >= 0; pid = pids.nextSetBit(pid + 1)) {
      ordered[--at] = pid;
    }
    return ordered;
  }

  private static byte[] lastField(byte[] line) {
    int from = line.length;
    while (from > 0 && line[from - 1] != ' ') {
      from--;
    }
    return Arrays.copyOfRange(line, from, line.length);
  }
}
