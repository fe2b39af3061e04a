package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.SummaryFolding;
import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class FileNotifierTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("alerts.json");
  }

  private FileNotifier notifier(long mostBytes) {
    return new FileNotifier(
        new FileSettings(file, mostBytes, 2),
        "1.2.3",
        InstantSource.fixed(SampleNotifications.NOON.plusSeconds(1)));
  }

  private static List<JsonNode> documents(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(new JsonMapper()::readTree).toList();
  }

  @Test
  void summary_hasALineForEachAlert() throws Exception {
    Notification ended = SampleNotifications.resolved();
    Notification first = SampleNotifications.first();
    Alert other =
        new Alert("a9", AlertState.FIRING, first.alert().finding(), SampleNotifications.NOON, null);
    Notification fires =
        new Notification("n9", first.reason(), other, first.host(), first.policy());
    Notification summary = SummaryFolding.of(List.of(ended, fires)).at("611:9f86d0");
    assertThat(notifier(1 << 20).deliver(summary)).isInstanceOf(Delivery.Delivered.class);

    List<JsonNode> all = documents(file);
    assertThat(all)
        .extracting(line -> line.get("event.id").asString())
        .containsExactly("n9", ended.id(), summary.id());
    assertThat(all)
        .extracting(line -> line.get("portcurfew.history_head").asString())
        .containsOnly("611:9f86d0");
    assertThat(all.get(1).get("portcurfew.alert_id").asString()).isEqualTo(ended.alert().id());
  }

  @Test
  void notification_isAnEcsLineInAPrivateFile() throws Exception {
    FileNotifier notifier = notifier(1 << 20);
    assertThat(notifier.deliver(SampleNotifications.first()))
        .isInstanceOf(Delivery.Delivered.class);
    assertThat(notifier.deliver(SampleNotifications.resolved()))
        .isInstanceOf(Delivery.Delivered.class);

    List<JsonNode> all = documents(file);
    assertThat(all).hasSize(2);
    JsonNode first = all.get(0);
    assertThat(first.get("@timestamp").asString()).isEqualTo("2026-11-23T12:00:01.000Z");
    assertThat(first.get("log.level").asString()).isEqualTo("error");
    assertThat(first.get("event.category").get(0).asString()).isEqualTo("network");
    assertThat(first.get("event.type").get(0).asString()).isEqualTo("start");
    assertThat(first.get("server.port").asInt()).isEqualTo(611);
    assertThat(first.get("server.port").isNumber()).isTrue();
    assertThat(first.get("process.pid").isNumber()).isTrue();
    assertThat(first.get("rule.name").asString()).isEqualTo("npmp-gui");
    assertThat(all.get(1).get("event.end").asString()).isEqualTo("2026-11-23T12:00:10.250Z");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void fullFileIsRenamed_andOldOnesAreDeleted() throws Exception {
    FileNotifier notifier = notifier(1);
    for (String id : List.of("n1", "n2", "n3", "n4")) {
      assertThat(notifier.deliver(SampleNotifications.first(id)))
          .isInstanceOf(Delivery.Delivered.class);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("alerts.json", "alerts.json.1", "alerts.json.2");
    }
    assertThat(documents(file).get(0).get("event.id").asString()).isEqualTo("n4");
    assertThat(documents(folder.resolve("alerts.json.2")).get(0).get("event.id").asString())
        .isEqualTo("n2");
  }

  @Test
  void fileOfRoot_getsTheOwnerOfTheFolder() throws Exception {
    Requirement.root();
    Files.setAttribute(folder, "unix:uid", 65534);
    notifier(1 << 20).deliver(SampleNotifications.first());
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(65534);
  }

  @Test
  void twoWritersOfOneFile_loseNoLine() throws Exception {
    FileNotifier one = notifier(1 << 24);
    FileNotifier other = notifier(1 << 24);
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              for (int i = 0; i < 300; i++) {
                one.deliver(SampleNotifications.first("a" + i));
              }
              return "ended";
            });
    new Thread(task, "writer").start();
    for (int i = 0; i < 300; i++) {
      assertThat(other.deliver(SampleNotifications.first("b" + i)))
          .isInstanceOf(Delivery.Delivered.class);
    }
    assertThat(task.get()).isEqualTo("ended");
    assertThat(documents(file).stream().map(line -> line.get("event.id").asString()).distinct())
        .hasSize(600);
  }

  @Test
  void anotherProgramHasLockedTheFile_lineIsWrittenAfterwards() throws Exception {
    FileNotifier notifier = notifier(1 << 20);
    notifier.deliver(SampleNotifications.first("n1"));
    FutureTask<Delivery> task =
        new FutureTask<>(() -> notifier.deliver(SampleNotifications.first("n2")));
    Thread thread = new Thread(task, "writer");
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.APPEND)) {
      FileLock lock = other.lock();
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING && !task.isDone()) {
        Thread.onSpinWait();
      }
      assertThat(documents(file)).hasSize(1);
      lock.release();
    }
    assertThat(task.get()).isInstanceOf(Delivery.Delivered.class);
    assertThat(documents(file)).hasSize(2);
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "");
    Files.createSymbolicLink(file, other);
    assertThat(notifier(1 << 20).deliver(SampleNotifications.first()))
        .isEqualTo(new Delivery.Retry(file + ": not a regular file", null));
    assertThat(other).isEmptyFile();
  }

  @Test
  void lineCutByACrash_isEnded() throws Exception {
    Files.writeString(file, "{\"cut");
    notifier(1 << 20).deliver(SampleNotifications.first());
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(new JsonMapper().readTree(lines.get(1)).get("event.id").asString()).isEqualTo("n1");
  }

  @Test
  void unwritableFile_isARetry() throws Exception {
    Files.delete(folder);
    assertThat(notifier(1).deliver(SampleNotifications.first()))
        .isEqualTo(new Delivery.Retry(file + ": its folder does not exist", null));
    Files.createDirectory(folder);
    Files.createDirectory(file);
    assertThat(notifier(1).deliver(SampleNotifications.first()))
        .isEqualTo(new Delivery.Retry(file + ": not a regular file", null));
  }
}
