package io.portcurfew.notify;

import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Monotonic time and pauses, so that tests need not wait. */
public interface Timing extends Ticker {

  /** The clock of this process and real pauses. */
  Timing SYSTEM =
      new Timing() {
        @Override
        public Duration elapsed() {
          return Ticker.SYSTEM.elapsed();
        }

        @Override
        public boolean pause(Duration pause, CountDownLatch end) throws InterruptedException {
          return !end.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        }
      };

  /** Waits; returns true if the whole time passed before the end came. */
  boolean pause(Duration pause, CountDownLatch end) throws InterruptedException;
}
