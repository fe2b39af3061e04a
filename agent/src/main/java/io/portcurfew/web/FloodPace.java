package io.portcurfew.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Spaces the exchanges of all clients while a flood of wrong passwords lasts. The others wait in
 * the queues of the kernel, where they cost nothing.
 */
final class FloodPace {

  /** 200 requests a second: with some hundred connections a scrape still has its turn in time. */
  static final Duration SPACE = Duration.ofMillis(5);

  /** A flood is over if nothing was refused for this long. */
  static final Duration LASTS = Duration.ofSeconds(1);

  private @Nullable Duration refused;
  private Duration next = Duration.ZERO;

  /**
   * Notes that a client of a flood was refused.
   *
   * @param now monotonic time
   */
  synchronized void refused(Duration now) {
    refused = now;
  }

  /** The time that the next exchange has to wait; zero without a flood. */
  synchronized Duration pause(Duration now) {
    if (refused == null || now.minus(refused).compareTo(LASTS) > 0) {
      return Duration.ZERO;
    }
    Duration start = next.compareTo(now) > 0 ? next : now;
    next = start.plus(SPACE);
    return start.minus(now);
  }
}
