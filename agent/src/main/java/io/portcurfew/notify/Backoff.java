package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long to leave a receiver alone after it failed. */
public final class Backoff {

  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration MOST = Duration.ofMinutes(5);

  /** The most that a receiver may ask for. */
  public static final Duration MOST_ASKED = Duration.ofHours(1);

  /** From here on the doubling is past {@link #MOST}. */
  private static final int DOUBLINGS = 9;

  private Backoff() {}

  /**
   * What the receiver asked for, within {@link #FIRST} and {@link #MOST_ASKED}; else a second,
   * doubled with each failure up to {@link #MOST}, of which chance takes up to the half, so that
   * the agents of a whole fleet do not come back at once.
   *
   * @param failures in a row, 1 or more
   * @param chance from 0 to 1
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
