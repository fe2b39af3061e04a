package io.portcurfew.notify;

import java.time.Duration;

/**
 * How often one receiver is told something: a flood must not fill a mailbox.
 *
 * @param burst how many notifications go out without a pause after a time of rest
 * @param every after how long another one may follow them
 */
public record RateLimit(int burst, Duration every) {

  /** What every receiver is told by. */
  public static final RateLimit USUAL = new RateLimit(10, Duration.ofSeconds(10));

  /** Without a limit. */
  public static final RateLimit UNLIMITED = new RateLimit(Integer.MAX_VALUE, Duration.ZERO);
}
