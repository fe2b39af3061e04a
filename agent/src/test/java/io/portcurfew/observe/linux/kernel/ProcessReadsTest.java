package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
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
    int found = 0;
    for (int i = 0; i <= ProcessReads.CHECKS; i++) {
      found = checkAfter(ProcessReads.BETWEEN_CHECKS);
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
}
