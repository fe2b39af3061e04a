package io.portcurfew.observe.linux.owner;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the descriptors of processes without a search. New processes are read soon and all others
 * in turn, which finds a descriptor that was passed to another process. A cursor moves through the
 * list of processes, so every process is read even if many new ones start.
 */
final class TurnWalk implements AutoCloseable {

  /** The number of descriptors that one look reads while a large new process is read. */
  private static final int LARGE_PART = 1024;

  /** The number of generations of one look; the next look goes on. */
  private static final int GENERATIONS = 8;

  private final ProcessWalker walker;
  private final BitSet arrived = new BitSet();
  private final BitSet large = new BitSet();
  private @Nullable DescriptorWalk current;
  private int cursor = -1;
  private boolean lastWasLarge;

  TurnWalk(ProcessWalker walker) {
    this.walker = walker;
  }

  /**
   * Adds new processes, which are read before all others.
   *
   * @param more the new processes
   * @param pids the existing processes
   */
  void arrived(BitSet more, BitSet pids) {
    arrived.or(more);
    arrived.and(pids);
    large.and(pids);
  }

  /**
   * Reads the newest processes, with at most half of the budget.
   *
   * @param most the maximum number of processes
   * @param budget the budget of the look
   */
  void walkNew(int most, WalkBudget budget) {
    if (arrived.isEmpty()) {
      return;
    }
    WalkBudget half = budget.part(2);
    for (int walked = 0; walked < most && !arrived.isEmpty() && !half.isSpent(); walked++) {
      int pid = arrived.length() - 1;
      arrived.clear(pid);
      walk(pid, half);
    }
    budget.join(half);
  }

  /**
   * Reads the parents of processes that got a socket, and the parents of those that hold it too. A
   * search ends at the first holder, and a process that opened a socket and forked is another one.
   */
  void walkParents(HeldProcesses held, int most, BitSet pids, WalkBudget budget) {
    BitSet parents = held.takeParents();
    for (int i = 0; i < GENERATIONS && !parents.isEmpty(); i++) {
      arrived(parents, pids);
      walkNew(most, budget);
      parents = held.takeParents();
    }
    arrived(parents, pids);
  }

  /** Reads one process at once, or in the next looks if it is large. */
  void walk(int pid, WalkBudget budget) {
    if (!walker.walk(pid, budget)) {
      large.set(pid);
    }
  }

  /**
   * Continues with the next processes.
   *
   * @param descriptors the approximate number of descriptors to read
   * @param pids the existing processes
   * @param budget the budget of the look
   */
  void walk(int descriptors, BitSet pids, WalkBudget budget) {
    int left = large.isEmpty() && !lastWasLarge ? descriptors : Math.max(descriptors, LARGE_PART);
    while (left > 0 && !budget.isSpent() && !pids.isEmpty()) {
      DescriptorWalk walk = current;
      if (walk == null) {
        walk = walker.begin(next(pids), budget);
        current = walk;
        left--;
      }
      int before = walk.count();
      if (walker.read(walk, left, budget)) {
        current = null;
      }
      left -= Math.max(1, walk.count() - before);
    }
  }

  /** Returns the next process, in turn from the large new processes and from the cursor. */
  private int next(BitSet pids) {
    int first = large.nextSetBit(0);
    lastWasLarge = first >= 0 && !lastWasLarge;
    if (lastWasLarge) {
      large.clear(first);
      return first;
    }
    int next = pids.nextSetBit(cursor + 1);
    cursor = next >= 0 ? next : pids.nextSetBit(0);
    return cursor;
  }

  @Override
  public void close() {
    DescriptorWalk walk = current;
    if (walk != null) {
      walk.close();
    }
    current = null;
  }
}
