package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessReadsTest {

  private Duration now = Duration.ofHours(1);
  private final ProcessReads reads = new ProcessReads(() -> now, new HangingUsers(() -> now));

  @BeforeEach
  void beginLook() {
    reads.beginLook();
  }

  private int checkAfter(Duration time) {
    now = now.plus(time);
    return reads.check();
  }

  private int checks() {
    return checks(reads);
  }

  private int checks(ProcessReads of) {
    int found = 0;
    for (int i = 0; i <= ProcessReads.CHECKS; i++) {
      now = now.plus(ProcessReads.BETWEEN_CHECKS);
      found = of.check();
    }
    return found;
  }

  @Test
  void readThatStays_hangs() {
    reads.begin(42);
    assertThat(checks()).isEqualTo(42);
  }

  @Test
  void otherReadOfTheSameProcess_isProgress() {
    reads.begin(42);
    checks();
    reads.end();
    reads.begin(42);
    assertThat(checkAfter(ProcessReads.BETWEEN_CHECKS)).isZero();
  }

  @Test
  void lookBetweenTwoReads_doesNotHang() {
    reads.begin(42);
    reads.end();
    assertThat(checks()).isZero();
  }

  @Test
  void stopOfTheAgent_isOneCheck() {
    reads.begin(42);
    reads.check();
    assertThat(checkAfter(Duration.ofHours(1))).isZero();
  }

  @Test
  void checksOfTwoWaiters_countOnce() {
    reads.begin(42);
    for (int i = 0; i < 10; i++) {
      assertThat(checkAfter(ProcessReads.BETWEEN_CHECKS.dividedBy(10))).isZero();
    }
  }

  @Test
  void abandonedLook_endsWithItsRead() {
    reads.begin(42);
    checks();
    assertThat(reads.abandon()).isTrue();
    assertThatThrownBy(reads::end).isInstanceOf(ProcessReads.AbandonedException.class);
    reads.endLook();
    assertThat(reads.isAbandoned()).isTrue();
    assertThat(checks()).isZero();
    assertThat(reads.abandon()).isFalse();
  }

  @Test
  void abandonedLook_readsNothingAnyMore() {
    reads.begin(42);
    checks();
    assertThat(reads.abandon()).isTrue();
    assertThatThrownBy(() -> reads.begin(43)).isInstanceOf(ProcessReads.AbandonedException.class);
  }

  /** Else two threads would go on with the same work. */
  @Test
  void lookWhoseReadEnds_isNotAbandoned() {
    reads.begin(42);
    checks();
    reads.end();
    assertThat(reads.abandon()).isFalse();
    reads.begin(42);
    assertThat(reads.abandon()).isFalse();
    reads.end();
    assertThat(reads.isAbandoned()).isFalse();
  }

  @Test
  void readOfAnotherThread_delaysNoLook() throws Exception {
    Thread other = new Thread(() -> reads.begin(42));
    other.start();
    other.join();
    assertThat(checks()).isZero();
  }

  /** Any user can let it wait for long, by processes that run without a pause. */
  @Test
  void readThatWaitsForAProcessor_doesNotHang() throws Exception {
    ProcessReads ofOther = new ProcessReads(() -> now, new HangingUsers(() -> now));
    CountDownLatch reads = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean runs = new AtomicBoolean(true);
    Thread other =
        new Thread(
            () -> {
              ofOther.beginLook();
              ofOther.begin(42);
              reads.countDown();
              while (runs.get()) {
                Thread.onSpinWait();
              }
              await(end);
            });
    other.start();
    reads.await();
    assertThat(checks(ofOther)).isZero();
    runs.set(false);
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(checks(ofOther)).isEqualTo(42);
    end.countDown();
    other.join();
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
