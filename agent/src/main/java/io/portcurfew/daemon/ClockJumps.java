package io.portcurfew.daemon;

import io.portcurfew.process.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Notices that the clock of the host was set, by comparing it with the monotonic clock. The
 * monotonic clock stops while a host is suspended, so a suspension counts as a jump forward. Used
 * by one thread.
 */
final class ClockJumps {

  /**
   * The least difference that counts as a jump; NTP moves a clock by less (adjtimex(2): 500 ppm, so
   * 0.3 s in ten minutes).
   */
  private static final Duration LEAST = Duration.ofSeconds(2);

  private static final Duration LEAST_BACK = LEAST.negated();

  private final Clock clock;
  private final Ticker ticker;
  private Instant before;
  private Duration since;

  ClockJumps(Clock clock, Ticker ticker) {
    this.clock = clock;
    this.ticker = ticker;
    before = clock.instant();
    since = ticker.elapsed();
  }

  /**
   * How far the clock has jumped since the last call, negative for a jump back; empty if it has
   * not.
   */
  Optional<Duration> next() {
    Instant now = clock.instant();
    Duration passed = ticker.elapsed();
    Duration jump = Duration.between(before, now).minus(passed.minus(since));
    before = now;
    since = passed;
    // Not abs: it goes by way of BigDecimal, at each second scan.
    boolean jumped = jump.compareTo(LEAST) >= 0 || jump.compareTo(LEAST_BACK) <= 0;
    return jumped ? Optional.of(jump) : Optional.empty();
  }
}
