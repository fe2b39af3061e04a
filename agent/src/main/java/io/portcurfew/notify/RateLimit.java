package io.portcurfew.notify;

import java.time.Duration;

/**
 * The rate limit of one receiver: a flood must not fill a mailbox.
 *
 * @param burst the number of notifications without a pause after a time of rest
 * @param every the interval of the notifications after a burst
 */
public record RateLimit(int burst, Duration every) {

  /** The limit of every receiver. */
  public static final RateLimit USUAL = new RateLimit(10, Duration.ofSeconds(10));

  /** No limit. */
  public static final RateLimit UNLIMITED = new RateLimit(Integer.MAX_VALUE, Duration.ZERO);
}
