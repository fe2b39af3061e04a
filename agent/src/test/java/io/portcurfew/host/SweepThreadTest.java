package io.portcurfew.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.sweep.SweepResult;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SweepThreadTest {

  private static final Snapshot SEEN = PlainSnapshots.of(Instant.EPOCH);
  private static final SweepResult SWEPT = new SweepResult(7, List.of(), List.of(), Duration.ZERO);

  @Test
  void aScanLooksOnlyBetweenTwoSlices() throws Exception {
    AtomicBoolean inSlice = new AtomicBoolean();
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    SweepThread thread =
        new SweepThread(
            (seen, pause) -> {
              while (looks.get() < 20) {
                inSlice.set(true);
                begun.countDown();
                Thread.onSpinWait();
                inSlice.set(false);
                pause.rest();
              }
              return SWEPT;
            },
            Threads.SYSTEM);
    FutureTask<SweepResult> sweep = new FutureTask<>(() -> thread.run(SEEN));
    new Thread(sweep).start();
    begun.await();
    for (int i = 0; i < 20; i++) {
      thread.between(
          () -> {
            assertThat(inSlice).isFalse();
            looks.incrementAndGet();
            return SEEN;
          });
    }
    assertThat(sweep.get()).isEqualTo(SWEPT);
  }

  @Test
  void closingEndsARunningSweep() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    SweepThread thread =
        new SweepThread(
            (seen, pause) -> {
              begun.countDown();
              while (true) {
                pause.rest();
              }
            },
            Threads.SYSTEM);
    FutureTask<SweepResult> sweep = new FutureTask<>(() -> thread.run(SEEN));
    new Thread(sweep).start();
    begun.await();
    thread.close();
    assertThatThrownBy(sweep::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(thread.between(() -> SEEN)).as("the turn is free again").isEqualTo(SEEN);
  }

  @Test
  void sweepThatStartsAfterTheEnd_endsAtOnce() throws Exception {
    SweepThread thread =
        new SweepThread(
            (seen, pause) -> {
              while (true) {
                pause.rest();
              }
            },
            Threads.SYSTEM);
    thread.close();
    assertThatThrownBy(() -> thread.run(SEEN)).isInstanceOf(InterruptedException.class);
    assertThat(thread.between(() -> SEEN)).as("the turn is free again").isEqualTo(SEEN);
  }

  @Test
  void aBugInTheSweepIsNotSwallowed() {
    SweepThread thread =
        new SweepThread(
            (seen, pause) -> {
              throw new IllegalArgumentException("bug");
            },
            Threads.SYSTEM);
    assertThatThrownBy(() -> thread.run(SEEN)).hasRootCauseMessage("bug");
  }
}
