package io.portcurfew.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.portcurfew.alert.Reason;
import io.portcurfew.alert.Silence;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.policy.PolicyOrigin;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostEvents;
import io.portcurfew.judge.Finding;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.store.SilenceWriter;
import io.portcurfew.web.access.WebAccess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ScanTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final FakeSource kernel = new FakeSource("sock_diag");
  private final FakeSource ss = new FakeSource("ss");
  private final Metrics metrics = new Metrics("1");
  private final Host host =
      new Host(HostText.of("web-1"), PortRange.LINUX_EPHEMERAL, List.of(kernel), List.of(ss));
  @TempDir private Path folder;
  private PipelineFixture pipeline;
  private CrossChecker crossChecker;
  private Scan scan;

  @BeforeEach
  void start() {
    pipeline = new PipelineFixture(folder, metrics);
    ActiveConfig active = SampleConfigs.active(SampleConfigs.POLICY);
    crossChecker = pipeline.crossChecker(host, active);
    scan = pipeline.scan(host, crossChecker, active);
  }

  @AfterEach
  void end() throws SQLException {
    pipeline.close();
    host.close();
  }

  private void run(int second) throws InterruptedException {
    scan.run(NOON.plusSeconds(second));
  }

  private String compliant() {
    return metrics
        .scrape(false)
        .lines()
        .filter(line -> line.startsWith("portcurfew_rule_compliant{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("absent");
  }

  @Test
  void silencedAlert_isNotifiedWhenTheSilenceEnds() throws Exception {
    Instant until = NOON.plusSeconds(3);
    try (SilenceWriter silences = SilenceWriter.in(folder)) {
      silences.add(new Silence("s1", "npmp-gui", null, NOON, until, "ann", "x"));
    }
    kernel.shows(611);
    run(1);
    assertThat(pipeline.notified()).isEmpty();
    assertThat(metrics.scrape(false))
        .contains("portcurfew_silences 1.0", "portcurfew_alerts_silenced 1.0")
        .contains("portcurfew_alerts{severity=\"critical\",state=\"firing\"} 1.0")
        .contains("portcurfew_findings{kind=\"open\",severity=\"critical\"} 1.0");
    run(3);
    assertThat(pipeline.notified()).extracting(Notification::reason).containsExactly(Reason.FIRST);
    assertThat(metrics.scrape(false))
        .contains("portcurfew_silences 0.0", "portcurfew_alerts_silenced 0.0");
  }

  @Test
  void tooManyFindings_areNotOverBecauseOfARestart() throws Exception {
    pipeline.leave(
        AgentFindings.of(AgentCondition.ALERTS_FULL, Severity.CRITICAL, "full", List.of()));
    scan = pipeline.scan(host, crossChecker, SampleConfigs.active(SampleConfigs.POLICY));
    run(0);
    assertThat(pipeline.notified())
        .extracting(Notification::reason)
        .as("to a receiver that is new")
        .containsExactly(Reason.ALREADY_FIRING);
    run(1);
    assertThat(pipeline.notified())
        .extracting(Notification::reason)
        .as("the first scan found a place for each")
        .containsExactly(Reason.ALREADY_FIRING, Reason.RESOLVED);
  }

  @Test
  void sourceFailingInTwoCrossChecks_isDown() throws Exception {
    crossChecker.run(NOON);
    ss.isBlind();
    crossChecker.run(NOON);
    crossChecker.run(NOON);
    run(1);
    assertThat(pipeline.notified())
        .extracting(n -> n.alert().finding().kind())
        .containsExactly(AgentCondition.SOURCE_DOWN);
  }

  @Test
  void openingAndEndAreNotifiedOnceEach() throws Exception {
    run(0);
    kernel.shows(611);
    run(1);
    run(2);
    run(3);
    kernel.shows();
    run(4);
    run(5);
    assertThat(pipeline.notified())
        .extracting(Notification::reason, n -> n.alert().finding().kind())
        .containsExactly(
            tuple(Reason.FIRST, FindingKind.OPEN), tuple(Reason.RESOLVED, FindingKind.OPEN));
    assertThat(pipeline.notified().get(0).alert().id())
        .isEqualTo(pipeline.notified().get(1).alert().id());
  }

  @Test
  void ruleEndsAtMidnightWithoutOtherChanges() throws Exception {
    LocalDate last = LocalDate.of(2026, 11, 23);
    Rule npmp = SampleConfigs.POLICY.rules().get(0);
    Rule rule =
        new Rule(
            npmp.name(), npmp.scope(), npmp.expect(), npmp.terms(), last, npmp.notifySettings());
    Scan scan = pipeline.scan(host, SampleConfigs.active(new Policy(true, List.of(rule))));
    kernel.shows(611);
    scan.run(Instant.parse("2026-11-23T23:59:59Z"));
    assertThat(pipeline.notified()).extracting(Notification::reason).containsExactly(Reason.FIRST);
    scan.run(Instant.parse("2026-11-24T00:00:00Z"));
    assertThat(pipeline.notified()).extracting(Notification::reason).contains(Reason.RESOLVED);
  }

  @Test
  void complianceFollowsTheListenerAndIsAbsentWhenBlind() throws Exception {
    run(0);
    assertThat(compliant()).isEqualTo("1.0");
    kernel.shows(611);
    run(1);
    assertThat(compliant()).isEqualTo("0.0");
    kernel.shows();
    run(2);
    assertThat(compliant()).isEqualTo("1.0");
    kernel.isBlind();
    run(3);
    assertThat(compliant()).isEqualTo("absent");
    kernel.shows();
    run(4);
    assertThat(compliant()).isEqualTo("1.0");
  }

  @Test
  void blindScan_endsNothingAndIsAnAlert() throws Exception {
    kernel.shows(611);
    run(0);
    kernel.isBlind();
    run(1);
    assertThat(pipeline.notified())
        .extracting(Notification::reason, n -> n.alert().finding().kind())
        .containsExactly(
            tuple(Reason.FIRST, FindingKind.OPEN), tuple(Reason.FIRST, FindingKind.BLIND));
  }

  @Test
  void aScanWithoutAChangeKeepsItsJudgement() throws Exception {
    kernel.shows(22, 611);
    run(0);
    Scan.Result first = scan.last();
    run(1);
    assertThat(scan.last().judged().judgement()).isSameAs(first.judged().judgement());
    kernel.shows(22);
    run(2);
    assertThat(scan.last().judged().judgement()).isNotEqualTo(first.judged().judgement());
  }

  @Test
  void newPolicy_appliesAtOnce() throws Exception {
    kernel.shows(611);
    run(0);
    LoadedConfig open =
        new LoadedConfig(
            SampleConfigs.CONFIG,
            new Policy(true, List.of()),
            PolicyOrigin.named("p", "ba9876543210"),
            WebAccess.OPEN);
    scan.use(ActiveConfig.of(open));
    run(1);
    assertThat(pipeline.notified())
        .extracting(Notification::reason, Notification::policy)
        .containsExactly(
            tuple(Reason.FIRST, "0123456789ab"), tuple(Reason.RESOLVED, "ba9876543210"));
    assertThat(compliant()).isEqualTo("absent");
  }

  @Test
  void policyNotLoaded_isAnAlertUntilItLoads() throws Exception {
    Finding notLoaded =
        Finding.ofHost(
            AgentCondition.POLICY_NOT_LOADED,
            Policy.DEFAULT,
            NotifySettings.of(Severity.WARNING),
            "bad",
            List.of());
    run(0);
    scan.use(new ActiveConfig(SampleConfigs.loaded(SampleConfigs.POLICY), notLoaded));
    kernel.shows(611);
    run(1);
    run(2);
    assertThat(compliant()).isEqualTo("0.0");
    assertThat(scan.last().judged().judgement().complete()).isTrue();
    assertThat(scan.last().judged().judgement().compliant()).isFalse();
    scan.use(SampleConfigs.active(SampleConfigs.POLICY));
    kernel.isBlind();
    run(3);
    assertThat(pipeline.notified())
        .extracting(Notification::reason, n -> n.alert().finding().kind())
        .containsExactly(
            tuple(Reason.FIRST, FindingKind.OPEN),
            tuple(Reason.FIRST, AgentCondition.POLICY_NOT_LOADED),
            tuple(Reason.FIRST, FindingKind.BLIND),
            tuple(Reason.RESOLVED, AgentCondition.POLICY_NOT_LOADED));
  }

  @Test
  void scanThatLooksWhileTheAgentStops_isNotSaved() throws Exception {
    kernel.shows(611);
    run(1);
    kernel.isBlind();
    kernel.hangs();
    FutureTask<Void> scanning =
        new FutureTask<>(
            () -> {
              run(2);
              return null;
            });
    new Thread(scanning).start();
    kernel.awaitBegun(2);
    scan.stop();
    kernel.goesOn();

    assertThatThrownBy(scanning::get).hasCauseInstanceOf(InterruptedException.class);
    assertThat(pipeline.notified()).hasSize(1);
  }

  /** Events that hold a scan while it holds the alerts. */
  private static final class HoldingEvents implements HostEvents {

    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goesOn = new CountDownLatch(1);

    @Override
    public EventBatch await(Duration most) {
      return EventBatch.NONE;
    }

    @Override
    public List<Gap> reconcile(List<Listener> listeners, Duration began) {
      reached.countDown();
      try {
        goesOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return List.of();
    }

    @Override
    public List<EventSourceReport> reports() {
      return List.of();
    }

    @Override
    public void use(EventSettings settings) {}
  }

  @Test
  @Timeout(60)
  void agentStops_waitsForAScanThatIsSaved() throws Exception {
    kernel.shows(611);
    HoldingEvents events = new HoldingEvents();
    Scan held = pipeline.scan(host, SampleConfigs.active(SampleConfigs.POLICY), events);
    FutureTask<Void> scanning =
        new FutureTask<>(
            () -> {
              held.run(NOON);
              return null;
            });
    new Thread(scanning).start();
    events.reached.await();
    Thread stopping = new Thread(held::stop);
    stopping.start();
    while (stopping.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    assertThat(pipeline.notified()).isEmpty();
    events.goesOn.countDown();
    stopping.join();
    assertThat(pipeline.notified()).hasSize(1);
    scanning.get();
  }
}
