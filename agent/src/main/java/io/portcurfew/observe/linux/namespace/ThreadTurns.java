package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.proc.ThreadList;
import io.portcurfew.process.TimeBudget;
import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Asks the threads of processes in turns, because a thread may be in another network namespace than
 * its process (setns(2)). A process with many threads has a part of them asked in each of its
 * turns, so it delays no other process.
 */
final class ThreadTurns {

  /** The number of processes in one look. */
  private static final int PROCESSES = 16;

  /** The same if the last look was a moment ago. */
  private static final int PROCESSES_SOON = 4;

  /** The number of threads of one process in one turn. */
  private static final int THREADS = 256;

  private final ThreadList threads;
  private int cursor = -1;
  private int round;
  private boolean passed;

  ThreadTurns(ThreadList threads) {
    this.threads = threads;
  }

  /**
   * Asks the threads of the next processes; in the first pass those of as many as there is time
   * for.
   *
   * @param pids the existing processes
   * @param soon true if the last look was a moment ago
   * @param ask receives the id of each thread
   */
  void ask(BitSet pids, boolean soon, TimeBudget budget, IntConsumer ask) {
    int most = soon ? PROCESSES_SOON : PROCESSES;
    int left = passed ? Math.min(most, pids.cardinality()) : pids.cardinality();
    for (; left > 0 && !budget.isSpent(); left--) {
      int next = pids.nextSetBit(cursor + 1);
      if (next < 0) {
        round++;
        next = pids.nextSetBit(0);
      }
      cursor = next;
      askThreads(cursor, ask);
      passed |= pids.nextSetBit(cursor + 1) < 0;
    }
  }

  /** Returns true if the first pass has reached the threads of every process. */
  boolean havePassed() {
    return passed;
  }

  private void askThreads(int pid, IntConsumer ask) {
    int[] all = threads.others(pid);
    int parts = (all.length + THREADS - 1) / THREADS;
    int from = parts == 0 ? 0 : THREADS * (round % parts);
    for (int i = from; i < Math.min(all.length, from + THREADS); i++) {
      ask.accept(all[i]);
    }
  }
}
