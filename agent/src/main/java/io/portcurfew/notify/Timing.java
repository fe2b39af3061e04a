package io.portcurfew.notify;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Monotonic time and pauses, so that tests need not wait. */
interface Timing {

  /** The monotonic clock of the system. */
  Timing SYSTEM =
      new Timing() {
        @Override
        public Duration elapsed() {
          return Duration.ofNanos(System.nanoTime());
        }

        @Override
        public boolean pause(Duration pause, CountDownLatch end) throws InterruptedException {
          return !end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
      };

  /** Monotonic time, as {@link System#nanoTime}. */
  Duration elapsed();

  /** Waits; returns true if the whole time passed before the end came. */
  boolean pause(Duration pause, CountDownLatch end) throws InterruptedException;
}
