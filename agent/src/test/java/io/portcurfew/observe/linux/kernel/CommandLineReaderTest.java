package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CommandLineReaderTest {

  private static final long ATTACKER = 1000;
  private static final long OTHER = 1001;

  private final AtomicReference<Duration> now = new AtomicReference<>(Duration.ZERO);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CommandLineReader reader = new CommandLineReader(now::get, Threads.SYSTEM);

  @AfterEach
  void release() {
    released.countDown();
  }

  private void hang(int pid, long user) {
    assertThat(reader.isAllowed(pid, user)).isTrue();
    assertThat(reader.read(pid, user, this::hanging).isLate()).isTrue();
  }

  private byte[] hanging() {
    try {
      released.await();
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
    return new byte[1];
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void hangingRead_keepsNoOtherUserFromBeingRead() {
    hang(1, ATTACKER);
    assertThat(reader.isAllowed(2, OTHER)).isTrue();
    assertThat(reader.read(2, OTHER, () -> new byte[] {'x', 0}).text()).containsExactly('x', 0);
  }

  @Test
  void afterALateRead_thoseOfTheUserPause() {
    hang(1, ATTACKER);
    assertThat(reader.isAllowed(2, ATTACKER)).isFalse();
    pass(CommandLineReader.PAUSE);
    assertThat(reader.isAllowed(1, ATTACKER)).as("the same process").isFalse();
    assertThat(reader.isAllowed(2, ATTACKER)).isTrue();
  }

  @Test
  void hangingReads_haveALimitForEachUser() {
    for (int pid = 1; pid <= CommandLineReader.MOST_HANGING_OF_USER; pid++) {
      hang(pid, ATTACKER);
      pass(CommandLineReader.PAUSE);
    }
    assertThat(reader.isAllowed(100, ATTACKER)).isFalse();
    assertThat(reader.isAllowed(100, OTHER)).isTrue();
  }

  @Test
  void hangingReadsOfManyUsers_leaveRootHisOwn() {
    for (int pid = 1; pid <= CommandLineReader.MOST_HANGING; pid++) {
      hang(pid, ATTACKER + pid);
    }
    assertThat(reader.isAllowed(100, OTHER + 100)).isFalse();
    assertThat(reader.isAllowed(100, UserGroup.ROOT)).isTrue();
  }

  @Test
  void endedRead_makesRoomAgain() throws Exception {
    hang(1, ATTACKER);
    pass(CommandLineReader.PAUSE);
    released.countDown();
    while (!reader.isAllowed(1, ATTACKER)) {
      Thread.sleep(1);
    }
    assertThat(reader.read(1, ATTACKER, () -> null).isLate()).isFalse();
  }
}
