package io.portcurfew.observe.linux.owner;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the owners of the sockets that one user created, over several looks. It searches the
 * processes of that user first, then those of other users, then large processes, and at last the
 * threads of all processes, because a thread may have a descriptor table of its own (unshare(2)).
 * Each pass starts with the newest process.
 */
final class UserSearch implements AutoCloseable {

  private final ProcessWalker walker;
  private final IntPredicate isOfUser;

  /** The sockets of the current round. */
  private List<SocketHolders> sought = new ArrayList<>();

  /** The sockets that were added after the round started. */
  private final List<SocketHolders> later = new ArrayList<>();

  private final BitSet toCheck = new BitSet();
  private final BitSet others = new BitSet();
  private final BitSet large = new BitSet();
  private final BitSet toList = new BitSet();
  private final BitSet threads = new BitSet();
  private @Nullable DescriptorWalk current;
  private boolean firstPass = true;
  private boolean threadPass;
  private int finds;

  /**
   * Creates a search without sockets.
   *
   * @param walker reads the processes
   * @param isOfUser returns true if a process is known to belong to the user
   */
  UserSearch(ProcessWalker walker, IntPredicate isOfUser) {
    this.walker = walker;
    this.isOfUser = isOfUser;
  }

  /** Adds sockets to the search. The processes of the user are searched again. */
  void add(List<SocketHolders> more, BitSet pids) {
    if (sought.isEmpty()) {
      sought.addAll(more);
      begin(pids);
    } else {
      later.addAll(more);
      toCheck.or(pids);
    }
  }

  private void begin(BitSet pids) {
    firstPass = true;
    threadPass = false;
    toCheck.or(pids);
  }

  /** Adds processes that have started since. */
  void arrived(BitSet pids) {
    toCheck.or(pids);
  }

  /** Returns true if nothing is left to search for. */
  boolean isOver() {
    return sought.isEmpty() && later.isEmpty();
  }

  /**
   * Continues the search.
   *
   * @param budget the budget of this user in this look
   * @param pids the existing processes
   * @param hasGone returns true if a socket is gone; called before the processes of other users are
   *     searched
   */
  void run(WalkBudget budget, BitSet pids, Predicate<SocketHolders> hasGone) {
    toCheck.and(pids);
    others.and(pids);
    toList.and(pids);
    dropFound();
    boolean checked = false;
    // New sockets in every look must not keep the search from its later passes.
    int half = budget.left() / 2;
    while (!isOver() && !budget.isSpent()) {
      if (!toCheck.isEmpty() && (firstPass || isLastPass() || budget.left() > half)) {
        checkUser(budget);
      } else if (!checked) {
        checked = true;
        firstPass = false;
        sought.removeIf(hasGone);
        later.removeIf(hasGone);
      } else if (!others.isEmpty()) {
        walk(takeNewest(others), budget);
      } else if (current != null || !large.isEmpty()) {
        walkLarge(budget);
      } else if (!threadPass) {
        threadPass = true;
        toList.or(pids);
      } else if (!toList.isEmpty() || !threads.isEmpty()) {
        walkThreads(budget);
      } else {
        endRound(pids);
        checked = false;
      }
      if (finds != walker.finds()) {
        dropFound();
      }
    }
  }

  /** Returns true if the later passes have no work. */
  private boolean isLastPass() {
    return others.isEmpty()
        && large.isEmpty()
        && toList.isEmpty()
        && threads.isEmpty()
        && current == null;
  }

  private void checkUser(WalkBudget budget) {
    int pid = takeNewest(toCheck);
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

  /** Reads the next thread, or lists the threads of the next process. */
  private void walkThreads(WalkBudget budget) {
    if (!threads.isEmpty()) {
      walk(takeNewest(threads), budget);
      return;
    }
    budget.spend(WalkBudget.ASK);
    for (int thread : walker.threadsOf(takeNewest(toList))) {
      budget.spend(1);
      threads.set(thread);
    }
  }

  /**
   * Marks the sockets of the round as searched, because every process was read, and starts the next
   * round.
   */
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
