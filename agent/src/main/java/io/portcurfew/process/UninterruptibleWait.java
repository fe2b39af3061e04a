package io.portcurfew.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting that an interrupt does not cut short, for what has to be cleaned up in any case. */
final class UninterruptibleWait {

  private static final long STEP_MILLIS = 2;

  private UninterruptibleWait() {}

  /** Asks again and again until it is so or the time is up; an interrupt is kept for later. */
  static void await(BooleanSupplier so, Duration atMost) {
    long start = System.nanoTime();
    boolean interrupted = false;
    while (!so.getAsBoolean() && System.nanoTime() - start < atMost.toNanos()) {
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
