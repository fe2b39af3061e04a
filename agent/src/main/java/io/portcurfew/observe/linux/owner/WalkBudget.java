package io.portcurfew.observe.linux.owner;

import io.portcurfew.process.Ticker;
import io.portcurfew.process.TimeBudget;
import java.time.Duration;

/**
 * Limits the search for owners in one look. A user controls the number of processes and
 * descriptors, so the search must not slow down a look. One unit takes about 1.5 µs.
 */
final class WalkBudget {

  /** The cost of reading the user of a process, which takes one statx(2). */
  static final int ASK = 2;

  /** The cost of reading a text of one descriptor. */
  static final int INFO = 6;

  /** The cost of opening a process and its list of descriptors. */
  static final int OPEN = 16;

  /** The cost of reading all facts about a process that holds a socket. */
  static final int DESCRIBE = 64;

  private final TimeBudget time;
  private int left;

  private WalkBudget(int units, TimeBudget time) {
    this.left = units;
    this.time = time;
  }

  /** Creates a budget of units and milliseconds. */
  static WalkBudget of(int units, long millis) {
    return new WalkBudget(units, TimeBudget.of(Ticker.SYSTEM, Duration.ofMillis(millis)));
  }

  /**
   * Takes one of several equal parts of the remaining units and time. The caller {@linkplain #join
   * returns} the rest.
   */
  WalkBudget part(int parts) {
    WalkBudget part = new WalkBudget(left / parts, time.part(parts));
    left -= part.left;
    return part;
  }

  /** Takes back the units that were not spent. */
  void join(WalkBudget part) {
    left += part.left;
  }

  void spend(int units) {
    left -= units;
  }

  int left() {
    return left;
  }

  boolean isSpent() {
    return left <= 0 || time.isSpent();
  }
}
