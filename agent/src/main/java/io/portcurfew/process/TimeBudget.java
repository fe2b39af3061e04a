package io.portcurfew.process;

import java.time.Duration;

/** A limit in time for a part of a look, of which smaller parts have a share each. */
public final class TimeBudget {

  private final Ticker ticker;
  private final Duration deadline;

  private TimeBudget(Ticker ticker, Duration deadline) {
    this.ticker = ticker;
    this.deadline = deadline;
  }

  /** Creates a budget that is spent after this time. */
  public static TimeBudget of(Ticker ticker, Duration most) {
    return new TimeBudget(ticker, ticker.elapsed().plus(most));
  }

  /** Returns one of several equal parts of the time that is left, beginning now. */
  public TimeBudget part(int parts) {
    Duration now = ticker.elapsed();
    // Duration.dividedBy goes through BigDecimal.
    long left = deadline.minus(now).toNanos();
    return new TimeBudget(ticker, now.plusNanos(left / parts));
  }

  /** Returns true if no time is left. */
  public boolean isSpent() {
    return ticker.elapsed().compareTo(deadline) >= 0;
  }
}
