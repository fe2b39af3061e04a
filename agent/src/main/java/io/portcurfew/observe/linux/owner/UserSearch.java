package io.portcurfew.observe.linux.owner;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the owners of the sockets that one user made, a part in each look: first in the
 * processes of that user, then in those of others, and in large processes last. Each pass begins
 * with the newest process.
 */
final class UserSearch implements AutoCloseable {

  private final ProcessWalker walker;
  private final IntPredicate isOfUser;

  /** The sockets that were there when this round began, and those that came later. */
  private List<SocketHolders> sought = new ArrayList<>();

  private final List<SocketHolders> later = new ArrayList<>();

  private final BitSet toAsk = new BitSet();
  private final BitSet others = new BitSet();
  private final BitSet large = new BitSet();
  private @Nullable DescriptorWalk current;
  private boolean firstPass = true;
  private int finds;

  /**
   * A search that has not begun.
   *
   * @param isOfUser whether a process belongs to the user, as far as is known
   */
  UserSearch(ProcessWalker walker, IntPredicate isOfUser) {
    this.walker = walker;
    this.isOfUser = isOfUser;
  }

  /** Searches for these too; the processes of the user are asked again. */
  void add(List<SocketHolders> more, BitSet pids) {
    if (sought.isEmpty()) {
      sought.addAll(more);
      begin(pids);
    } else {
      later.addAll(more);
      toAsk.or(pids);
    }
  }

  private void begin(BitSet pids) {
    firstPass = true;
    toAsk.or(pids);
  }

  /** Asks processes that were started since. */
  void arrived(BitSet pids) {
    toAsk.or(pids);
  }

  /** Whether nothing is left to search for. */
  boolean isOver() {
    return sought.isEmpty() && later.isEmpty();
  }

  /**
   * Searches on.
   *
   * @param pids the processes that are there
   * @param hasGone asked of a socket before the processes of other users are searched for it
   */
  void run(WalkBudget budget, BitSet pids, Predicate<SocketHolders> hasGone) {
    toAsk.and(pids);
    others.and(pids);
    large.and(pids);
    dropFound();
    boolean checked = false;
    // Sockets that come in every look must not keep the search from its later passes.
    int half = budget.left() / 2;
    while (!isOver() && !budget.isSpent()) {
      if (!toAsk.isEmpty() && (firstPass || isLast() || budget.left() > half)) {
        ask(budget);
      } else if (!checked) {
        checked = true;
        firstPass = false;
        sought.removeIf(hasGone);
        later.removeIf(hasGone);
      } else if (!others.isEmpty()) {
        walk(takeNewest(others), budget);
      } else if (current != null || !large.isEmpty()) {
        walkLarge(budget);
      } else {
        endRound(pids);
        checked = false;
      }
      if (finds != walker.finds()) {
        dropFound();
      }
    }
  }

  /** Whether no later pass has anything to do. */
  private boolean isLast() {
    return others.isEmpty() && large.isEmpty() && current == null;
  }

  private void ask(WalkBudget budget) {
    int pid = takeNewest(toAsk);
    budget.spend(WalkBudget.ASK);
    if (isOfUser.test(pid)) {
      others.clear(pid);
      walk(pid, budget);
    } else if (firstPass) {
      others.set(pid);
    }
  }

  private void walk(int pid, WalkBudget budget) {
    if (!walker.walk(pid, budget)) {
      large.set(pid);
    }
  }

  private void walkLarge(WalkBudget budget) {
    DescriptorWalk walk = current;
    if (walk == null) {
      walk = walker.begin(takeNewest(large), budget);
      current = walk;
    }
    if (walker.read(walk, Math.min(ProcessWalker.SMALL, Math.max(1, budget.left())), budget)) {
      current = null;
    }
  }

  /** Every process was walked through: none holds what was sought since the round began. */
  private void endRound(BitSet pids) {
    sought.forEach(SocketHolders::setSearched);
    sought = new ArrayList<>(later);
    later.clear();
    if (!sought.isEmpty()) {
      begin(pids);
    }
  }

  private void dropFound() {
    finds = walker.finds();
    sought.removeIf(holders -> !holders.isSought());
    later.removeIf(holders -> !holders.isSought());
  }

  private static int takeNewest(BitSet pids) {
    int pid = pids.length() - 1;
    pids.clear(pid);
    return pid;
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
