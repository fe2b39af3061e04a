package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WriteQueueTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private Duration elapsed = Duration.ZERO;
  private WriteQueue queue;

  @BeforeEach
  void open() {
    logger.setLevel(Level.OFF);
    InstantSource clock = () -> StoreFixture.NOON.plus(elapsed);
    queue = new WriteQueue(new DatabaseOpener(folder, clock), () -> elapsed);
    queue.open(from -> {});
  }

  @AfterEach
  void close() throws Exception {
    logger.setLevel(null);
    queue.close();
  }

  private int runsOfAStepWhoseHeadIsUnreadable() {
    AtomicInteger runs = new AtomicInteger();
    queue.write(
        1,
        10,
        to -> {
          runs.incrementAndGet();
          to.sql().change("DELETE FROM mark");
        });
    assertThat(queue.why()).isNotNull();
    elapsed = elapsed.plus(Duration.ofSeconds(10));
    queue.recover(to -> {});
    assertThat(queue.why()).isNull();
    return runs.get();
  }

  @Test
  void failedReadAfterTheCommit_runsTheStepOnce() {
    assertThat(runsOfAStepWhoseHeadIsUnreadable()).isEqualTo(1);
  }

  @Test
  void unreadableContentInRecovery_isDamageAndNoFailure() {
    queue.write(1, 10, to -> to.sql().change("DELETE FROM mark"));
    elapsed = elapsed.plus(Duration.ofSeconds(10));
    queue.recover(
        to -> {
          throw new IllegalArgumentException("no such kind");
        });
    assertThat(queue.why()).isEqualTo("no such kind");
    elapsed = elapsed.plus(Duration.ofSeconds(10));
    queue.recover(to -> {});
    assertThat(queue.why()).isNull();
  }
}
