package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.alert.Alert;
import io.portcurfew.notify.Notification;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.InjectedFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A file system of 2 MiB that is full for a while. */
@InjectedFault
class FullDiskTest {

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private Path disk;
  private Path filler;

  @BeforeEach
  void mount() throws Exception {
    Requirement.root();
    logger.setLevel(Level.OFF);
    disk = Files.createDirectory(folder.resolve("disk"));
    Requirement.that(
        run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0,
        "the right to mount");
    filler = disk.resolve("filler");
  }

  @AfterEach
  void unmount() throws Exception {
    logger.setLevel(null);
    if (disk != null) {
      run("umount", "-l", disk.toString());
    }
  }

  private static int run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private void fill() throws Exception {
    run("sh", "-c", "cat /dev/zero > " + filler + " 2> " + folder.resolve("errors"));
  }

  private static Set<String> open(StoreFixture saved) {
    return saved.store.alerts().open().values().stream().map(Alert::id).collect(Collectors.toSet());
  }

  @Test
  void changesOnAFullDisk_areWrittenLater() throws Exception {
    try (StoreFixture saved = StoreFixture.in(disk)) {
      saved.scan(1, 2, 3);
      fill();
      for (int round = 0; round < 30; round++) {
        saved.scan(IntStream.rangeClosed(round, round + 40).map(port -> port + 1).toArray());
      }
      assertThat(saved.store.state().writable()).isFalse();
      assertThat(saved.store.state().waiting()).isPositive();
      saved.store.ledger().delivered("ops", saved.sent.get(0), 1);
      Files.delete(filler);
      saved.scan(50);
      saved.pass(Duration.ofSeconds(10));
      saved.scan(50);

      assertThat(saved.store.state().writable()).isTrue();
      assertThat(saved.store.state().waiting()).isZero();
      assertThat(saved.store.unbalanced()).isEmpty();
      List<String> ids = saved.ids();
      Set<String> open = open(saved);
      saved.restart();
      assertThat(open(saved)).isEqualTo(open);
      assertThat(saved.pending("log")).isEqualTo(ids);
      assertThat(saved.pending("ops")).isEqualTo(ids.subList(1, ids.size()));
      assertThat(StoreCheck.broken(disk)).isNull();
    }
  }

  @Test
  void changesBeyondMemory_areCountedAndAlertsStayRight() throws Exception {
    try (StoreFixture saved = StoreFixture.in(disk)) {
      saved.scan(1);
      fill();
      List<Notification> flood = saved.scan(IntStream.rangeClosed(1, 1_500).toArray());
      assertThat(flood).hasSize(1_499);
      for (int round = 0; round < 4; round++) {
        saved.scan(1);
        saved.scan(IntStream.rangeClosed(2_000, 4_500).toArray());
      }
      assertThat(saved.store.state().lost()).isPositive();
      assertThat(saved.store.state().waiting()).isLessThanOrEqualTo(Store.MOST);
      saved.scan(7);
      assertThat(run("mount", "-o", "remount,size=64m", disk.toString())).isZero();
      Files.delete(filler);
      saved.pass(Duration.ofSeconds(10));
      saved.scan(7);
      assertThat(saved.store.state().why()).isNull();
      assertThat(saved.store.unbalanced()).isEmpty();
      Set<String> open = open(saved);
      saved.restart();
      assertThat(open(saved)).isEqualTo(open);
      assertThat(StoreCheck.broken(disk)).isNull();
      try (History history = History.in(disk)) {
        assertThat(history.entries(StoreFixture.NOON))
            .extracting(History.HistoryEntry::what)
            .containsOnlyOnce("missed");
      }
    }
  }

  @Test
  void startOnAFullDisk_succeeds() throws Exception {
    fill();
    try (StoreFixture saved = StoreFixture.in(disk)) {
      assertThat(saved.store.state().writable()).isFalse();
      assertThat(saved.scan(611)).hasSize(1);
      String id = saved.firing(611).id();
      Files.delete(filler);
      saved.pass(Duration.ofSeconds(10));
      saved.scan(611);
      assertThat(saved.store.state().writable()).isTrue();
      assertThat(saved.store.state().damaged()).isEmpty();
      saved.restart();
      assertThat(saved.firing(611).id()).isEqualTo(id);
      assertThat(saved.pending("ops")).hasSize(1);
    }
  }
}
