package io.portcurfew.observe.linux.owner;

import io.portcurfew.process.Ticker;
import java.time.Duration;

/**
 * Limits the search for owners in one look: a user decides how many processes he runs and how many
 * descriptors they have, and a look must not wait for them. One unit is about 1.5 µs.
 */
final class WalkBudget {

  /** The price of asking a process for its user: one statx. */
  static final int ASK = 2;

  /** The price of opening a process and its list of descriptors. */
  static final int OPEN = 16;

  /** The price of reading all about a process that holds a socket. */
  static final int DESCRIBE = 64;

  private final Duration deadline;
  private int left;

  private WalkBudget(int units, Duration deadline) {
    this.left = units;
    this.deadline = deadline;
  }

  /** So many units and so much time. */
  static WalkBudget of(int units, long millis) {
    return new WalkBudget(units, Ticker.SYSTEM.elapsed().plusMillis(millis));
  }

  /** A part of what is left, and of the time, to be {@linkplain #join joined} again. */
  WalkBudget part(int of) {
    Duration now = Ticker.SYSTEM.elapsed();
    WalkBudget part = new WalkBudget(left / of, now.plus(deadline.minus(now).dividedBy(of)));
    left -= part.left;
    return part;
  }

  /** Takes back what was not spent. */
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
    return left <= 0 || Ticker.SYSTEM.elapsed().compareTo(deadline) >= 0;
  }
}
