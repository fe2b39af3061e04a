package io.portcurfew.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits in spite of an interrupt, for a clean-up that must happen. */
final class UninterruptibleWait {

  private static final long STEP_MILLIS = 2;

  private UninterruptibleWait() {}

  /** Waits until the condition is true or the time is up; an interrupt is kept for later. */
  static void await(BooleanSupplier so, Duration atMost) {
    Duration start = Ticker.SYSTEM.elapsed();
    boolean interrupted = false;
    while (!so.getAsBoolean() && Ticker.SYSTEM.since(start).compareTo(atMost) < 0) {
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
