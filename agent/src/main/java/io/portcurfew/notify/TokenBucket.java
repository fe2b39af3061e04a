package io.portcurfew.notify;

import java.time.Duration;

/** A token bucket for the {@link RateLimit} of a receiver. Used by one thread. */
final class TokenBucket {

  private final RateLimit rate;
  private int left;
  private Duration since;

  /**
   * @param now monotonic time
   */
  TokenBucket(RateLimit rate, Duration now) {
    this.rate = rate;
    this.left = rate.burst();
    this.since = now;
  }

  /** The time until the next token; zero if there is one. */
  Duration waitTime(Duration now) {
    refill(now);
    return left > 0 ? Duration.ZERO : rate.every().minus(now.minus(since));
  }

  /** The number of tokens. */
  int left(Duration now) {
    refill(now);
    return left;
  }

  /** Takes a token; there must be one. */
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
