package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.observe.linux.kernel.ProcessReads;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class EventThreadTest {

  private static final int PID = 42;

  /** More than are needed. */
  private static final int CHECKS = 10;

  @TempDir private Path root;

  private Duration now = Duration.ofHours(1);
  private final HangingUsers users = new HangingUsers(() -> now);
  private boolean canStart = true;
  private int started;
  private int woken;
  private EventThread thread;
  private ProcessReads reads;

  @BeforeEach
  void beginRead() {
    thread = new EventThread("reads", root, users, () -> now, () -> woken++);
    reads = thread.reads();
    thread.begin(reads);
    reads.begin(PID);
  }

  private boolean start() {
    started += canStart ? 1 : 0;
    return canStart;
  }

  private void check() {
    for (int i = 0; i < CHECKS; i++) {
      now = now.plusMillis(300);
      thread.check(this::start);
    }
  }

  @Test
  void threadWhoseReadHangs_isReplacedOnce() {
    assertThat(woken).isOne();
    assertThat(thread.isBusy()).isTrue();
    check();
    assertThat(started).isOne();
    assertThat(thread.reads()).isNotSameAs(reads);
    assertThat(thread.isBusy()).isFalse();
    assertThat(reads.isAbandoned()).isTrue();
    assertThat(users.has(PID, () -> 1000L)).isTrue();
  }

  @Test
  void nextThread_isReplacedToo() {
    check();
    thread.begin(thread.reads());
    thread.reads().begin(PID + 1);
    check();
    assertThat(started).isEqualTo(2);
  }

  @Test
  void threadBetweenTwoReads_isNotReplaced() {
    reads.end();
    check();
    assertThat(started).isZero();
    reads.endLook();
    assertThat(thread.isBusy()).isFalse();
  }

  @Test
  void threadThatCannotStart_isStartedLater() {
    canStart = false;
    check();
    assertThat(thread.isBusy()).isTrue();
    canStart = true;
    check();
    assertThat(started).isOne();
  }

  @Test
  void whereReadsOfTooManyUsersHang_noThreadIsReplaced() {
    for (long uid = 1; uid <= HangingUsers.MOST_HANGING; uid++) {
      users.add(PID, uid, () -> true);
    }
    check();
    assertThat(started).isZero();
    reads.end();
    assertThat(reads.isAbandoned()).isFalse();
  }
}
