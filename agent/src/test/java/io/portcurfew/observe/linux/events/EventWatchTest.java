package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.kernel.HangingUsers;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class EventWatchTest {

  private static final int PID = 42;

  @TempDir private Path root;

  private final EventWatch watch = new EventWatch(Duration.ofMillis(100));
  private final CountDownLatch replaced = new CountDownLatch(1);
  private EventThread thread;

  private void use(Runnable wake) {
    thread = new EventThread("reads", root, new HangingUsers(Ticker.SYSTEM), Ticker.SYSTEM, wake);
    watch.use(
        Map.of(
            thread,
            () -> {
              replaced.countDown();
              return true;
            }));
  }

  @AfterEach
  void end() throws InterruptedException {
    watch.end();
    waitForEnd();
  }

  private void waitForEnd() throws InterruptedException {
    Thread last = watch.thread();
    if (last != null) {
      last.join();
    }
  }

  @Test
  void watchThatRests_ends() throws InterruptedException {
    use(watch::wake);
    assertThat(watch.thread()).isNull();
    thread.begin(thread.reads());
    Thread first = Objects.requireNonNull(watch.thread());
    thread.reads().endLook();
    first.join();
    thread.begin(thread.reads());
    assertThat(watch.thread()).isNotNull().isNotSameAs(first);
    thread.reads().endLook();
  }

  @Test
  void readThatHangs_isReplacedAfterARest() throws InterruptedException {
    use(watch::wake);
    thread.begin(thread.reads());
    thread.reads().endLook();
    waitForEnd();
    thread.begin(thread.reads());
    thread.reads().begin(PID);
    replaced.await();
  }

  @Test
  void readThatBeganWithoutAWatch_isReplaced() throws InterruptedException {
    use(() -> {});
    thread.begin(thread.reads());
    thread.reads().begin(PID);
    assertThat(watch.thread()).isNull();
    watch.wakeIfBusy();
    replaced.await();
  }
}
