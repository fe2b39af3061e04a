package io.portcurfew.process;

import java.time.Duration;

/**
 * Monotonic time: it only goes forward, whatever is done to the clock of the host. A single reading
 * means nothing, since it counts from an arbitrary moment; only the difference of two does.
 */
@FunctionalInterface
public interface Ticker {

  /** The monotonic clock of this process. */
  Ticker SYSTEM = () -> Duration.ofNanos(System.nanoTime());

  /** The time since an arbitrary moment, which stays the same. */
  Duration elapsed();

  /** The time since an earlier reading. */
  default Duration since(Duration earlier) {
    return elapsed().minus(earlier);
  }
}
