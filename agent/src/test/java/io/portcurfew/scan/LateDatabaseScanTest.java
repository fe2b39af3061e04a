package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Scans of an agent whose database can be opened only after its start. */
@Timeout(60)
class LateDatabaseScanTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Store.class);
  private final FakeSource kernel = new FakeSource("sock_diag");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
  private Duration elapsed = Duration.ZERO;

  @BeforeEach
  void quiet() {
    logger.setLevel(Level.OFF);
  }

  @AfterEach
  void end() {
    logger.setLevel(null);
    host.close();
  }

  @Test
  void alertsOfTheEarlierRunGoOn() throws Exception {
    ActiveConfig active = SampleConfigs.active(SampleConfigs.POLICY);
    kernel.shows(611);
    Notification first;
    try (PipelineFixture before = new PipelineFixture(folder, new Metrics("1"))) {
      before.scan(host, active).run(NOON);
      first = before.notified().get(0);
    }
    Path block = Files.createDirectory(folder.resolve("portcurfew.db-wal"));
    try (PipelineFixture pipeline = new PipelineFixture(folder, new Metrics("1"), () -> elapsed)) {
      Scan scan = pipeline.scan(host, active);
      scan.run(NOON.plusSeconds(60));
      assertThat(pipeline.alerts().open().values())
          .extracting(Alert::id)
          .doesNotContain(first.alert().id());
      String own = only(pipeline);
      Files.delete(block);
      elapsed = elapsed.plusSeconds(10);
      scan.run(NOON.plusSeconds(70));
      assertThat(pipeline.repeated()).contains(first.alert().id()).doesNotContain(own);
      scan.run(NOON.plusSeconds(80));

      assertThat(pipeline.alerts().open().values())
          .extracting(Alert::id)
          .containsExactly(first.alert().id());
      assertThat(pipeline.delivered.take().id()).isEqualTo(first.id());
      // What is pending is read again with the database, so some of it may be delivered by now.
      List<Notification> all = new ArrayList<>(pipeline.notified());
      all.addAll(pipeline.delivered);
      assertThat(all)
          .filteredOn(one -> one.alert().id().equals(own))
          .extracting(Notification::reason)
          .containsOnly(Reason.FIRST, Reason.RESOLVED);
    }
  }

  @Test
  void receiverAddedMeanwhile_isNotifiedOfTheEarlierAlert() throws Exception {
    assertThat(firingForExtra(false)).isEqualTo(1);
  }

  @Test
  void receiverThatIsBackMeanwhile_isNotifiedOfTheEarlierAlert() throws Exception {
    assertThat(firingForExtra(true)).isEqualTo(1);
  }

  /** How often the receiver "extra", added while the database cannot be opened, gets the alert. */
  private long firingForExtra(boolean known) throws Exception {
    ActiveConfig active = SampleConfigs.active(SampleConfigs.POLICY);
    try (PipelineFixture before = new PipelineFixture(folder, new Metrics("1"))) {
      if (known) {
        before.addReceiver("extra");
        kernel.shows(611);
        before.scan(host, active).run(NOON);
        kernel.shows();
        before.scan(host, active).run(NOON.plusSeconds(5));
        before.removeReceivers();
      }
      kernel.shows(611);
      before.scan(host, active).run(NOON.plusSeconds(10));
    }
    Path block = Files.createDirectory(folder.resolve("portcurfew.db-wal"));
    try (PipelineFixture pipeline = new PipelineFixture(folder, new Metrics("1"), () -> elapsed)) {
      Scan scan = pipeline.scan(host, active);
      scan.run(NOON.plusSeconds(60));
      pipeline.addReceiver("extra");
      scan.run(NOON.plusSeconds(65));
      String own = only(pipeline);
      Files.delete(block);
      elapsed = elapsed.plusSeconds(10);
      scan.run(NOON.plusSeconds(70));
      scan.run(NOON.plusSeconds(80));
      String earlier = only(pipeline);
      assertThat(earlier).isNotEqualTo(own);
      return pipeline.notified("extra").stream()
          .filter(one -> one.reason() == Reason.ALREADY_FIRING && one.alert().id().equals(earlier))
          .count();
    }
  }

  private static String only(PipelineFixture pipeline) {
    return pipeline.alerts().open().values().stream()
        .filter(alert -> alert.finding().endpoint() != null)
        .map(Alert::id)
        .findFirst()
        .orElseThrow();
  }
}
