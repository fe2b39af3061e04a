package io.portcurfew.web.access;

import java.time.Duration;

/** A token bucket for the requests of all clients. */
final class RequestLimiter {

  private final RequestRate rate;
  private double tokens;
  private Duration last;

  /**
   * @param now monotonic time
   */
  RequestLimiter(RequestRate rate, Duration now) {
    this.rate = rate;
    this.tokens = rate.burst();
    this.last = now;
  }

  /** Takes a token; false if there is none. */
  synchronized boolean allows(Duration now) {
    double more = (double) now.minus(last).toNanos() / rate.interval().toNanos();
    tokens = Math.min(rate.burst(), tokens + more);
    last = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
