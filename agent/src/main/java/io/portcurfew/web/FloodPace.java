package io.portcurfew.web;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Spaces the exchanges of all clients while a flood of connections lasts. The others wait in the
 * queues of the kernel, where they cost nothing.
 */
final class FloodPace {

  /**
   * 100 connections a second: to accept and close one costs 0.2 ms, and with some hundred clients a
   * scrape still has its turn in time.
   */
  static final Duration SPACE = Duration.ofMillis(10);

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
