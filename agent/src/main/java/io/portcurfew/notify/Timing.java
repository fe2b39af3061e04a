package io.portcurfew.notify;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The passing of time, so that tests need not wait for it. */
interface Timing {

  /** Time that only goes forward, whatever is done to the clock of the host. */
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

  /** Since some moment that is always the same. */
  Duration elapsed();

  /** Waits; gives whether the whole time passed before the end came. */
  boolean pause(Duration pause, CountDownLatch end) throws InterruptedException;
}
