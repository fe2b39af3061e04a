package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.host.Host;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.process.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners of a wrong owner that close before a scan has seen them. */
class UndecidedSightingsTest {

  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Duration AT = Duration.ofHours(1);
  private static final int PORT = 2222;

  private final UndecidedSightings undecided = new UndecidedSightings();

  private static Sighting open(String user, int port, Duration at, Long... sockets) {
    HostText nc = HostText.of("/usr/bin/nc");
    Owner owner = new Owner(4711, null, nc, HostText.of(user), (long) user.hashCode());
    Endpoint endpoint = new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
    Listener listener = new Listener(endpoint, null, List.of(owner), "perf");
    return new Sighting(listener, null, at, Set.of(sockets));
  }

  private List<Sighting> ended(Map<Long, Duration> sockets) {
    return undecided.ended(sockets, AT.plusSeconds(2), NOON);
  }

  @Test
  void listenerThatCloses_wasABriefOne() {
    undecided.add(open("eve", PORT, AT, 7L));
    assertThat(ended(Map.of(8L, AT.plusMillis(20)))).isEmpty();
    BriefOpening brief =
        new BriefOpening(
            "perf", Duration.ofMillis(20), true, 1, NOON.minusSeconds(2), NOON.minusSeconds(2));
    assertThat(ended(Map.of(7L, AT.plusMillis(20))))
        .extracting(Sighting::brief)
        .containsExactly(brief);
    assertThat(ended(Map.of(7L, AT.plusMillis(30)))).isEmpty();
  }

  @Test
  void listenerOfTwoSockets_isOpenUntilBothHaveClosed() {
    undecided.add(open("eve", PORT, AT, 7L, 8L));
    assertThat(ended(Map.of(7L, AT.plusMillis(20)))).isEmpty();
    assertThat(ended(Map.of(8L, AT.plusMillis(30)))).hasSize(1);
  }

  @Test
  void onlyAScanThatBeganLaterAndShowsIt_decides() {
    Sighting open = open("eve", PORT, AT, 7L);
    undecided.add(open);
    undecided.scanned(List.of(open.listener()), AT.minusMillis(1));
    undecided.scanned(List.of(), AT.plusMillis(1));
    assertThat(ended(Map.of(7L, AT.plusSeconds(1)))).hasSize(1);
    undecided.add(open);
    undecided.scanned(List.of(open.listener()), AT.plusMillis(1));
    assertThat(ended(Map.of(7L, AT.plusSeconds(1)))).isEmpty();
  }

  @Test
  void endThatIsLost_isForgotten() {
    undecided.add(open("eve", PORT, AT, 7L));
    undecided.scanned(List.of(), AT.plus(UndecidedSightings.LONGEST));
    assertThat(ended(Map.of(7L, AT.plusSeconds(1)))).isEmpty();
  }

  @Test
  void listenersOfAUser_displaceNoneOfAnother() {
    undecided.add(open("ann", PORT, AT, 1L));
    for (long socket = 2; socket < 2 + 2 * UndecidedSightings.MOST; socket++) {
      undecided.add(open("eve", (int) socket, AT, socket));
    }
    assertThat(ended(Map.of(1L, AT, 2L, AT))).hasSize(1);
  }

  @Test
  void numberOfAnotherSocket_replacesTheFirst() {
    undecided.add(open("ann", PORT, AT, 7L, 8L));
    undecided.add(open("eve", PORT + 1, AT, 7L));
    assertThat(ended(Map.of(7L, AT, 8L, AT)))
        .extracting(one -> one.listener().endpoint().port())
        .containsExactly(PORT + 1);
  }

  /** A rule with an owner leaves an open listener to the next scan. */
  @Test
  void wrongOwner_isNotifiedThoughNoScanSawIt(@TempDir Path folder) throws Exception {
    FakeSource kernel = new FakeSource("kernel");
    PipelineFixture pipeline = new PipelineFixture(folder, new Metrics("1"));
    try {
      Host host = new Host(HostText.of("h"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
      OwnerTerm sshd = new OwnerTerm("/usr/sbin/sshd", "root");
      Rule rule =
          new Rule(
              "ssh",
              new RuleScope(List.of(new PortRange(PORT, PORT)), Set.of(Protocol.TCP)),
              Expectation.ALLOWED,
              new RuleTerms(List.of(), List.of(sshd)),
              NotifySettings.of(Severity.WARNING));
      Scan scan = pipeline.scan(host, SampleConfigs.active(new Policy(true, List.of(rule))));
      scan.run(NOON);
      Duration at = Ticker.SYSTEM.elapsed();
      List<Sighting> opened = List.of(open("eve", PORT, at, 7L));
      assertThat(scan.sighted(new EventBatch(opened, Set.of(), false), NOON)).isTrue();
      assertThat(pipeline.notified()).isEmpty();
      Map<Long, Duration> ended = Map.of(7L, at.plusMillis(20));
      scan.sighted(new EventBatch(List.of(), Set.of(), ended, false), NOON);
      assertThat(pipeline.notified())
          .extracting(Notification::alert)
          .extracting(Alert::finding)
          .singleElement()
          .satisfies(
              finding -> assertThat(finding.message()).endsWith("closed again after 20.0 ms"));
    } finally {
      pipeline.close();
    }
  }
}
