package io.portcurfew.notify;

import java.time.Duration;

/**
 * The turns that a receiver has left by its {@link RateLimit}: a token bucket. Used by one thread.
 */
final class TokenBucket {

  private final RateLimit rate;
  private int left;
  private Duration since;

  /**
   * @param now since some moment that is always the same
   */
  TokenBucket(RateLimit rate, Duration now) {
    this.rate = rate;
    this.left = rate.burst();
    this.since = now;
  }

  /** How long until there is a turn; zero where there is one. */
  Duration until(Duration now) {
    refill(now);
    return left > 0 ? Duration.ZERO : rate.every().minus(now.minus(since));
  }

  /** How many turns there are. */
  int left(Duration now) {
    refill(now);
    return left;
  }

  /** Takes a turn that is there. */
  void take(Duration now) {
    refill(now);
    if (left == rate.burst()) {
      since = now;
    }
    left--;
  }

  private void refill(Duration now) {
    if (rate.every().isZero()) {
      left = rate.burst();
      return;
    }
    long more = now.minus(since).dividedBy(rate.every());
    if (more > 0) {
      left = (int) Math.min(rate.burst(), left + more);
      since = since.plus(rate.every().multipliedBy(more));
    }
  }
}
