package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.AgentConfig;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.config.receivers.Receiver;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.observe.PlainSnapshots;
import io.portcurfew.observe.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryWriterTest {

  @TempDir Path folder;
  private Duration elapsed = Duration.ZERO;
  private final Queue<Runnable> started = new ArrayDeque<>();
  private boolean threads = true;
  private final InventoryWriter writer =
      new InventoryWriter(() -> elapsed, work -> threads && started.add(work));

  private Scan.Result result(Inventory inventory) {
    Receiver file =
        new Receiver(
            "shipped",
            ReceiverFilter.ALL,
            new FileSettings(folder.resolve("listeners.json"), 1 << 20, 2));
    AgentConfig config = SampleConfigs.with(inventory, List.of(file));
    LoadedConfig loaded = SampleConfigs.loaded(SampleConfigs.POLICY);
    ActiveConfig active =
        ActiveConfig.of(
            new LoadedConfig(config, loaded.policy(), loaded.origin(), loaded.access()));
    Snapshot snapshot = PlainSnapshots.of(Instant.EPOCH);
    JudgedSnapshot judged =
        new JudgedSnapshot(snapshot, Judge.judge(loaded.policy(), snapshot, CrossCheck.NONE));
    return new Scan.Result(judged, CrossCheck.NONE, active, List.of());
  }

  private static Inventory every(String receiver, Duration every) {
    return new Inventory(receiver, every, 0);
  }

  private long lines() throws Exception {
    Path file = folder.resolve("listeners.json");
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  private void scanned(Inventory inventory, long second) {
    elapsed = Duration.ofSeconds(second);
    writer.scanned(result(inventory));
  }

  private void writeAll() {
    while (!started.isEmpty()) {
      started.remove().run();
    }
  }

  @Test
  void inventoryIsWrittenOnceInItsInterval() throws Exception {
    Inventory minute = every("shipped", Duration.ofMinutes(1));
    for (int second = 0; second <= 120; second += 10) {
      scanned(minute, second);
      writeAll();
    }
    assertThat(lines()).isEqualTo(3);
    scanned(every("shipped", Duration.ofSeconds(20)), 141);
    writeAll();
    assertThat(lines()).as("a shorter interval takes effect at once").isEqualTo(4);
  }

  @Test
  void slowDiskHasOneThread() throws Exception {
    Inventory minute = every("shipped", Duration.ofMinutes(1));
    scanned(minute, 0);
    scanned(minute, 60);
    scanned(minute, 120);
    assertThat(started).hasSize(1);
    writeAll();
    scanned(minute, 130);
    writeAll();
    assertThat(lines()).isEqualTo(2);
  }

  @Test
  void refusedThreadIsTriedAgainLater() throws Exception {
    Inventory minute = every("shipped", Duration.ofMinutes(1));
    threads = false;
    scanned(minute, 0);
    threads = true;
    scanned(minute, 60);
    writeAll();
    assertThat(lines()).isEqualTo(1);
  }

  @Test
  void nothingIsWrittenWithoutReceiver() throws Exception {
    scanned(Inventory.NONE, 0);
    scanned(every("other", Duration.ofMinutes(1)), 60);
    writeAll();
    assertThat(lines()).isZero();
  }
}
