package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The pause before the next attempt after a failure. */
public final class Backoff {

  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofMinutes(5);

  /** The longest pause that a receiver can ask for. */
  public static final Duration MOST_ASKED = Duration.ofHours(1);

  /** The number of doublings that exceeds {@link #MOST}. */
  private static final int DOUBLINGS = 9;

  private Backoff() {}

  /**
   * The pause that the receiver asked for, within {@link #FIRST} and {@link #MOST_ASKED}; else a
   * second, doubled with each failure up to {@link #MOST}. Up to half of it is random, so that the
   * agents of a fleet do not come back at once.
   *
   * @param failures the number of failures in a row, 1 or more
   * @param chance a random number from 0 to 1
   */
  static Duration after(int failures, @Nullable Duration asked, double chance) {
    if (asked != null) {
      return atMost(MOST_ASKED, asked.compareTo(FIRST) < 0 ? FIRST : asked);
    }
    Duration whole = atMost(MOST, FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS)));
    return Duration.ofMillis(Math.round(whole.toMillis() * (1 - chance / 2)));
  }

  private static Duration atMost(Duration most, Duration wanted) {
    return wanted.compareTo(most) > 0 ? most : wanted;
  }
}
