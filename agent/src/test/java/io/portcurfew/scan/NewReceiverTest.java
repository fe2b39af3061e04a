package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Reason;
import io.portcurfew.alert.Silence;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.process.Ticker;
import io.portcurfew.store.SilenceWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver that is added while alerts fire. */
class NewReceiverTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final FakeSource kernel = new FakeSource("sock_diag");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private Scan scan;

  @BeforeEach
  void start() {
    pipeline = new PipelineFixture(folder, new Metrics("1"));
    scan = pipeline.scan(host, SampleConfigs.active(SampleConfigs.POLICY));
  }

  @AfterEach
  void end() throws Exception {
    pipeline.close();
    host.close();
  }

  private void restartWith(String... receivers) throws Exception {
    pipeline.close();
    pipeline = new PipelineFixture(folder, new Metrics("1"), Ticker.SYSTEM, List.of(receivers));
    scan = pipeline.scan(host, SampleConfigs.active(SampleConfigs.POLICY));
  }

  private void restart() throws Exception {
    pipeline.close();
    start();
  }

  private void run(int second) throws InterruptedException {
    scan.run(NOON.plusSeconds(second));
  }

  private List<Reason> reasons() {
    return pipeline.notified("audit").stream().map(Notification::reason).toList();
  }

  @Test
  void addedByReload_getsFiringAlertOnceAndItsEnd() throws Exception {
    kernel.shows(611);
    run(1);
    pipeline.addReceiver("audit");
    run(2);
    run(3);
    assertThat(pipeline.notified("audit"))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.reason().label()).isEqualTo("already-firing");
              assertThat(AlertText.line(one))
                  .startsWith("ALREADY-FIRING open critical npmp-gui ")
                  .endsWith(" (firing since 2026-11-23T12:00:01.000Z)");
            });
    kernel.shows();
    run(4);
    run(5);
    assertThat(reasons()).containsExactly(Reason.ALREADY_FIRING, Reason.RESOLVED);
    assertThat(pipeline.notified())
        .extracting(Notification::reason)
        .containsExactly(Reason.FIRST, Reason.RESOLVED);
  }

  @Test
  void addedByRestart_getsFiringAlertOnce() throws Exception {
    kernel.shows(611);
    run(1);
    restart();
    pipeline.addReceiver("audit");
    run(2);
    restart();
    pipeline.addReceiver("audit");
    run(3);
    assertThat(reasons()).containsExactly(Reason.ALREADY_FIRING);
  }

  private void getsAnAlertAndIsRemoved() throws Exception {
    pipeline.addReceiver("audit");
    kernel.shows(611);
    run(1);
    kernel.shows();
    run(2);
    run(3);
    pipeline.removeReceivers();
  }

  @Test
  void knownReceiver_returnsByRestart_getsFiringAlertOnce() throws Exception {
    getsAnAlertAndIsRemoved();
    kernel.shows(611);
    run(4);
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.RESOLVED);
    restartWith("ops", "audit");
    run(5);
    run(6);
    restartWith("ops", "audit");
    run(7);
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.RESOLVED, Reason.ALREADY_FIRING);
  }

  @Test
  void addedInTheScanOfTheOpening_getsOnlyTheOpening() throws Exception {
    pipeline.addReceiver("audit");
    kernel.shows(611);
    run(1);
    run(2);
    assertThat(reasons()).containsExactly(Reason.FIRST);
  }

  private void sightedOpen(int port) {
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    Sighting opened =
        new Sighting(
            new Listener(endpoint, null, List.of(Owner.of(7)), "perf"),
            null,
            Ticker.SYSTEM.elapsed());
    scan.sighted(new EventBatch(List.of(opened), Set.of(), false), NOON.plusMillis(1_500));
  }

  private List<Reason> delivered() {
    return pipeline.deliverPending("audit").stream().map(Notification::reason).toList();
  }

  @Test
  void addedBeforeAnEvent_getsOnlyTheOpening() throws Exception {
    run(1);
    pipeline.addReceiver("audit");
    sightedOpen(611);
    assertThat(delivered()).containsExactly(Reason.FIRST);
    kernel.shows(611);
    run(2);
    assertThat(delivered()).isEmpty();
  }

  @Test
  void addedByRestartBeforeAnEvent_getsOnlyTheOpening() throws Exception {
    restartWith("ops", "audit");
    sightedOpen(611);
    assertThat(delivered()).containsExactly(Reason.FIRST);
    kernel.shows(611);
    run(2);
    assertThat(delivered()).isEmpty();
  }

  @Test
  void addedAfterAnEvent_getsFiringAlertOnce() throws Exception {
    run(1);
    sightedOpen(611);
    pipeline.addReceiver("audit");
    kernel.shows(611);
    run(2);
    assertThat(delivered()).containsExactly(Reason.ALREADY_FIRING);
    run(3);
    assertThat(delivered()).isEmpty();
  }

  @Test
  void removedDuringAnEvent_getsFiringAlertAfterARestart() throws Exception {
    getsAnAlertAndIsRemoved();
    sightedOpen(611);
    restartWith("ops", "audit");
    kernel.shows(611);
    run(4);
    run(5);
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.RESOLVED, Reason.ALREADY_FIRING);
  }

  @Test
  void eventBeforeTheFirstScan_makesNoReceiverNew() throws Exception {
    run(1);
    pipeline.addReceiver("audit");
    run(2);
    restartWith("ops", "audit");
    sightedOpen(611);
    restartWith("ops", "audit");
    kernel.shows(611);
    run(3);
    assertThat(reasons()).containsExactly(Reason.FIRST);
  }

  @Test
  void silencedAlert_isRepeatedAfterTheSilence() throws Exception {
    kernel.shows(611);
    run(1);
    try (SilenceWriter silences = SilenceWriter.in(folder)) {
      Instant until = NOON.plusSeconds(4);
      silences.add(new Silence("s1", "npmp-gui", null, NOON, until, "ann", "x"));
    }
    run(2);
    restart();
    pipeline.addReceiver("audit");
    run(3);
    assertThat(reasons()).isEmpty();
    run(5);
    run(6);
    assertThat(reasons()).containsExactly(Reason.REPEATED);
  }
}
