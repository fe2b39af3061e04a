package io.portcurfew.observe.linux.namespace;

import io.portcurfew.process.TimeBudget;
import java.util.BitSet;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * The new processes whose network namespace has not been read yet. Those for which one look has no
 * time are left to the next ones. If many wait, the users have turns, so that nobody's processes
 * wait for those of another user.
 */
final class ArrivalTurns {

  /** The number of waiting processes that are read without a question about their users. */
  static final int FEW = 512;

  private final IntToLongFunction userOf;
  private final BitSet waiting = new BitSet();
  private final NavigableMap<Long, BitSet> byUser = new TreeMap<>();
  private int cursor = -1;
  private long lastUser = Long.MIN_VALUE;

  /**
   * Creates an empty queue.
   *
   * @param userOf returns the user to whom the time for a process is counted
   */
  ArrivalTurns(IntToLongFunction userOf) {
    this.userOf = userOf;
  }

  /**
   * Adds new processes and removes those that have ended.
   *
   * @param pids the existing processes
   */
  void add(BitSet arrived, BitSet pids) {
    waiting.or(arrived);
    waiting.and(pids);
    byUser.values().forEach(ofUser -> ofUser.and(pids));
    byUser.values().removeIf(BitSet::isEmpty);
  }

  /** Returns true if no process waits. */
  boolean isOver() {
    return waiting.isEmpty() && byUser.isEmpty();
  }

  /**
   * Reads the next processes, those of a user in the order of their numbers.
   *
   * @param read receives the id of each process
   */
  void run(TimeBudget budget, IntConsumer read) {
    if (byUser.isEmpty() && waiting.cardinality() <= FEW) {
      while (!waiting.isEmpty() && !budget.isSpent()) {
        read.accept(next());
      }
      return;
    }
    sort(budget.part(2));
    while (!byUser.isEmpty() && !budget.isSpent()) {
      read.accept(nextOfNextUser());
    }
  }

  /** Asks for the users of waiting processes. */
  private void sort(TimeBudget budget) {
    while (!waiting.isEmpty() && !budget.isSpent()) {
      int pid = next();
      byUser.computeIfAbsent(userOf.applyAsLong(pid), user -> new BitSet()).set(pid);
    }
  }

  /** Takes the next process; a round through all ends, however many are added to it. */
  private int next() {
    int next = waiting.nextSetBit(cursor + 1);
    cursor = next >= 0 ? next : waiting.nextSetBit(0);
    waiting.clear(cursor);
    return cursor;
  }

  private int nextOfNextUser() {
    Long user = byUser.higherKey(lastUser);
    lastUser = user == null ? byUser.firstKey() : user;
    BitSet ofUser = byUser.getOrDefault(lastUser, new BitSet());
    int pid = ofUser.nextSetBit(0);
    ofUser.clear(pid);
    if (ofUser.isEmpty()) {
      byUser.remove(lastUser);
    }
    return pid;
  }
}
