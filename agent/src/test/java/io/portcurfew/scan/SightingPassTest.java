package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Reason;
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
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.Sighting;
import io.portcurfew.policy.AddressTerm;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners of events, between real scans of a source that the test controls. */
class SightingPassTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir Path folder;

  private final FakeSource kernel = new FakeSource("kernel");
  private final Metrics metrics = new Metrics("1");
  private PipelineFixture pipeline;
  private Scan scan;

  @BeforeEach
  void start() throws InterruptedException {
    pipeline = new PipelineFixture(folder, metrics);
    Host host = new Host(HostText.of("h"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of());
    scan = pipeline.scan(host, SampleConfigs.active(SampleConfigs.POLICY));
    kernel.shows();
    scan.run(NOON);
  }

  @AfterEach
  void stop() throws Exception {
    pipeline.close();
  }

  private static Endpoint endpoint(int port) {
    return new Endpoint(Protocol.TCP, Address.ANY_IPV4, port);
  }

  private static Sighting sighting(int port, String user, @Nullable BriefOpening brief) {
    HostText nc = HostText.of("/usr/bin/nc");
    Owner owner = new Owner(4711, null, nc, HostText.of(user), null);
    Listener listener = new Listener(endpoint(port), null, List.of(owner), "perf");
    return new Sighting(listener, brief, Ticker.SYSTEM.elapsed());
  }

  private static BriefOpening brief(int millis) {
    return new BriefOpening("perf", Duration.ofMillis(millis), true, 1, NOON, NOON);
  }

  private boolean sighted(Sighting... all) {
    return scan.sighted(new EventBatch(List.of(all), Set.of(), false), NOON.plusSeconds(1));
  }

  private List<Reason> reasons() {
    return pipeline.notified().stream().map(Notification::reason).toList();
  }

  @Test
  void openListener_isNotifiedBeforeAnyScan() throws Exception {
    assertThat(sighted(sighting(611, "eve", null))).isFalse();
    assertThat(reasons()).containsExactly(Reason.FIRST);
    assertThat(metrics.scrape(false)).contains("portcurfew_detection_seconds_count 1");
    kernel.shows(611);
    scan.run(NOON.plusSeconds(10));
    assertThat(reasons()).containsExactly(Reason.FIRST);
    kernel.shows();
    scan.run(NOON.plusSeconds(20));
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.RESOLVED);
  }

  @Test
  void briefListener_isNotifiedOnceWithHowLongItWasOpen() throws Exception {
    sighted(sighting(611, "eve", brief(1)));
    sighted(sighting(611, "eve", brief(2)));
    scan.run(NOON.plusSeconds(10));
    assertThat(pipeline.notified())
        .extracting(Notification::reason, one -> one.alert().finding().message())
        .containsExactly(
            tuple(
                Reason.FIRST,
                "tcp 0.0.0.0:611 is open and should be closed; held by pid 4711 /usr/bin/nc as eve;"
                    + " closed again after 1.0 ms"));
    Alert alert = pipeline.alerts().open().values().iterator().next();
    assertThat(alert.finding().brief()).isNotNull();
    assertThat(alert.finding().brief().count()).isEqualTo(2);
  }

  @Test
  void anotherUserAtTheSamePort_isNotifiedToo() {
    sighted(sighting(611, "eve", brief(1)), sighting(611, "ann", brief(1)));
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.CHANGED);
  }

  @Test
  void allowedListener_isNoAlert() {
    assertThat(sighted(sighting(612, "eve", brief(1)), sighting(80, "ann", null))).isFalse();
    assertThat(reasons()).isEmpty();
  }

  @Test
  void otherAlerts_stayAsTheyAre() throws Exception {
    kernel.shows(611);
    scan.run(NOON.plusMillis(500));
    sighted(sighting(80, "ann", null));
    assertThat(reasons()).containsExactly(Reason.FIRST);
    assertThat(pipeline.alerts().open()).hasSize(1);
  }

  @Test
  void closingOfAnAlert_wantsAScan() throws Exception {
    kernel.shows(611);
    scan.run(NOON.plusMillis(500));
    assertThat(scan.sighted(new EventBatch(List.of(), Set.of(endpoint(612)), false), NOON))
        .isFalse();
    assertThat(scan.sighted(new EventBatch(List.of(), Set.of(endpoint(611)), false), NOON))
        .isTrue();
  }

  private static Sighting udp(int port, @Nullable BriefOpening brief, Owner... owners) {
    Endpoint at = new Endpoint(Protocol.UDP, Address.ANY_IPV4, port);
    Listener listener = new Listener(at, null, List.of(owners), "bpf");
    return new Sighting(listener.without(UnknownOwner.GONE), brief, Ticker.SYSTEM.elapsed());
  }

  private static Rule rule(RuleScope scope, RuleTerms terms) {
    return new Rule("dns", scope, Expectation.ALLOWED, terms, NotifySettings.of(Severity.WARNING));
  }

  /** Nobody can find the owner any more, and a rule allows the resolver any port. */
  @Test
  void closedSocketOfAnUnknownOwnerThatARuleMaySelect_isNoAlert() {
    OwnerTerm resolver = new OwnerTerm("/usr/sbin/dnsmasq", "dnsmasq");
    RuleScope scope =
        new RuleScope(RuleScope.EVERY_PORT, Set.of(Protocol.UDP), null, List.of(resolver));
    scan.use(SampleConfigs.active(new Policy(false, List.of(rule(scope, RuleTerms.NONE)))));
    sighted(udp(2000, brief(2)));
    assertThat(reasons()).isEmpty();
    Owner eve = new Owner(4711, null, HostText.of("/usr/bin/nc"), HostText.of("eve"), null);
    sighted(udp(2001, brief(2), eve));
    assertThat(reasons()).containsExactly(Reason.FIRST);
  }

  /** An event does not know all owners, so it cannot prove that the wrong one is gone. */
  @Test
  void alertAboutAnOwner_outlastsAnOpeningDuringAScan() throws Exception {
    OwnerTerm sshd = new OwnerTerm("/usr/sbin/sshd", null);
    RuleScope scope = new RuleScope(List.of(new PortRange(2222, 2222)), Set.of(Protocol.TCP));
    RuleTerms terms = new RuleTerms(List.of(), List.of(sshd));
    scan.use(SampleConfigs.active(new Policy(true, List.of(rule(scope, terms)))));
    kernel.shows(2222);
    scan.run(NOON.plusSeconds(10));
    scan.run(NOON.plusSeconds(30));
    assertThat(reasons()).containsExactly(Reason.FIRST);
    kernel.shows();
    runWhile(sighting(2222, "eve", null), NOON.plusSeconds(40), 4);
    assertThat(reasons()).containsExactly(Reason.FIRST);
    scan.run(NOON.plusSeconds(60));
    assertThat(reasons()).containsExactly(Reason.FIRST, Reason.RESOLVED);
  }

  /** Runs a scan, the look of this number, during which the listener opens. */
  private void runWhile(Sighting opened, Instant now, int look) throws Exception {
    kernel.hangs();
    FutureTask<String> scanning =
        new FutureTask<>(
            () -> {
              scan.run(now);
              return "ended";
            });
    new Thread(scanning, "scan").start();
    kernel.awaitBegun(look);
    sighted(opened);
    kernel.goesOn();
    assertThat(scanning.get()).isEqualTo("ended");
  }

  /** The interfaces of its address are known to a scan alone. */
  @Test
  void socketThatOpensDuringAScan_isNotBlind() throws Exception {
    RuleTerms terms = new RuleTerms(List.of(new AddressTerm.Interface("tun0")), List.of());
    RuleScope scope = new RuleScope(List.of(new PortRange(1194, 1194)), Set.of(Protocol.UDP));
    scan.use(SampleConfigs.active(new Policy(false, List.of(rule(scope, terms)))));
    Endpoint at = new Endpoint(Protocol.UDP, Address.parse("10.61.8.1").orElseThrow(), 1194);
    Listener vpn = new Listener(at, null, List.of(), "bpf");
    runWhile(new Sighting(vpn, null, Ticker.SYSTEM.elapsed()), NOON.plusSeconds(10), 2);
    assertThat(Objects.requireNonNull(scan.last()).judged().snapshot().listeners()).contains(vpn);
    assertThat(pipeline.alerts().open()).isEmpty();
  }
}
