package io.portcurfew.observe.linux.owner;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks through processes although nothing is searched for: new ones soon, and all others in turns,
 * so that a descriptor that was handed over is found. The turn is a place in the list of what is
 * there, so however many processes are started each of them comes.
 */
final class TurnWalk implements AutoCloseable {

  /** How many descriptors are read in a look while a large new process is walked through. */
  private static final int LARGE_PART = 1024;

  private final ProcessWalker walker;
  private final BitSet arrived = new BitSet();
  private final BitSet large = new BitSet();
  private @Nullable DescriptorWalk current;
  private int cursor = -1;
  private boolean isLarge;

  TurnWalk(ProcessWalker walker) {
    this.walker = walker;
  }

  /** Processes that were not there before are walked through before all others. */
  void arrived(BitSet more, BitSet pids) {
    arrived.or(more);
    arrived.and(pids);
    large.and(pids);
  }

  /** Walks through the newest of them: so many, with half of the budget at most. */
  void walkNew(int most, WalkBudget budget) {
    WalkBudget half = budget.part(2);
    for (int walked = 0; walked < most && !arrived.isEmpty() && !half.isSpent(); walked++) {
      int pid = arrived.length() - 1;
      arrived.clear(pid);
      walk(pid, half);
    }
    budget.join(half);
  }

  /** Walks through one process soon: at once, or where it is large within the next looks. */
  void walk(int pid, WalkBudget budget) {
    if (!walker.walk(pid, budget)) {
      large.set(pid);
    }
  }

  /**
   * Walks on.
   *
   * @param descriptors about how many of them to read
   */
  void walk(int descriptors, BitSet pids, WalkBudget budget) {
    int left = large.isEmpty() && !isLarge ? descriptors : Math.max(descriptors, LARGE_PART);
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

  /** Large new processes and the cursor take turns. */
  private int next(BitSet pids) {
    int first = large.nextSetBit(0);
    isLarge = first >= 0 && !isLarge;
    if (isLarge) {
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
