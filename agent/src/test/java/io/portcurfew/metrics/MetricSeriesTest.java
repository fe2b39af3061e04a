package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.notify.Delivery;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import io.portcurfew.store.StoreState;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The beginning and the end of series. */
class MetricSeriesTest {

  private final MetricsFixture agent = new MetricsFixture();
  private final Metrics metrics = agent.metrics;

  @Test
  void headOfTheHistoryIsOneSeriesADay() {
    Set<String> heads = new TreeSet<>();
    for (int day = 0; day < 3; day++) {
      for (int entry = 1; entry <= 20; entry++) {
        metrics.scanned(
            Sample.judgedAt(Sample.NOW.plus(Duration.ofDays(day))),
            Sample.policy(),
            List.of(),
            MetricsFixture.TOOK);
        int number = 20 * day + entry;
        metrics.store(new StoreState(null, 0, 0, List.of(), List.of()), number + ":9f86d0");
        agent.scrape().samples().keySet().stream()
            .filter(series -> series.startsWith("portcurfew_history_head_info"))
            .forEach(heads::add);
        assertThat(agent.scrape().samples())
            .containsEntry("portcurfew_history_entries", number + ".0");
      }
    }
    assertThat(heads)
        .containsExactly(
            "portcurfew_history_head_info{head=\"1:9f86d0\"}",
            "portcurfew_history_head_info{head=\"21:9f86d0\"}",
            "portcurfew_history_head_info{head=\"41:9f86d0\"}");
  }

  @Test
  void untestableRule_hasNoSeries() {
    agent.scanWith(Sample.policy(), Map.of("npmp-gui", Trilean.YES, "ssh", Trilean.UNKNOWN));
    assertThat(agent.scrape().samples("portcurfew_rule_compliant"))
        .containsOnly(
            Map.entry(
                "portcurfew_rule_compliant"
                    + "{expect=\"closed\",rule=\"npmp-gui\",severity=\"critical\"}",
                "1.0"));
    agent.scanWith(Sample.policy(), Map.of("npmp-gui", Trilean.NO, "ssh", Trilean.YES));
    assertThat(agent.scrape().samples("portcurfew_rule_compliant").values())
        .containsExactlyInAnyOrder("0.0", "1.0");
  }

  @Test
  void aRuleThatLeftThePolicyVanishes() {
    agent.scan();
    assertThat(metrics.scrape(false)).contains("rule=\"ssh\"");
    Policy smaller =
        new Policy(true, List.of(Sample.rule("other", 1, Expectation.CLOSED, Severity.INFO)));
    agent.scanWith(smaller, Map.of("other", Trilean.YES));
    assertThat(metrics.scrape(false)).doesNotContain("rule=\"ssh\"").contains("rule=\"other\"");
  }

  @Test
  void failedScan_removesOnlySeriesOfRules() {
    agent.scan();
    Map<String, String> before = agent.scrape().samples("portcurfew_findings");
    metrics.scanFailed(Sample.NOW.plusSeconds(10));
    assertThat(agent.scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(agent.scrape().samples("portcurfew_findings")).isEqualTo(before).isNotEmpty();
    assertThat(agent.scrape().samples())
        .containsEntry("portcurfew_scans_total{outcome=\"failed\"}", "1.0")
        .containsEntry(
            "portcurfew_last_scan_timestamp_seconds{outcome=\"complete\"}", "1.795395723456E9")
        .containsEntry(
            "portcurfew_last_scan_timestamp_seconds{outcome=\"failed\"}", "1.795395733456E9");
  }

  @Test
  void overdueScan_removesSeriesOfRules() {
    agent.scan();
    Map<String, String> before = agent.scrape().samples("portcurfew_scans");
    metrics.scanOverdue();
    assertThat(agent.scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(agent.scrape().samples("portcurfew_scans")).isEqualTo(before);
  }

  @Test
  void scanIsPartialWhereSomethingWasNotSeen() {
    Policy policy = Sample.policy();
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(false), Sample.judgement(Map.of(), true)),
        policy,
        List.of(),
        MetricsFixture.TOOK);
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(true), Sample.judgement(Map.of(), false)),
        policy,
        List.of(),
        MetricsFixture.TOOK);
    assertThat(agent.scrape().samples("portcurfew_scans_total"))
        .containsEntry("portcurfew_scans_total{outcome=\"partial\"}", "2.0")
        .containsEntry("portcurfew_scans_total{outcome=\"complete\"}", "0.0");
  }

  @Test
  void sourceThatIsDown_hasNoListeners() {
    agent.scan();
    SourceReport oshiDown = new SourceReport("oshi", false, false, 0, 1, Duration.ZERO);
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(false, oshiDown), Sample.judgement()),
        Sample.policy(),
        List.of(),
        MetricsFixture.TOOK);
    assertThat(agent.scrape().samples("portcurfew_source"))
        .containsEntry("portcurfew_source_up{source=\"oshi\"}", "0.0")
        .containsEntry("portcurfew_source_duration_seconds{source=\"ss\"}", "5.0")
        .doesNotContainKey("portcurfew_source_listeners{source=\"oshi\"}")
        .doesNotContainKey("portcurfew_source_listeners{source=\"ss\"}");
  }

  @Test
  void rulesBeyondTheBound_areCounted() {
    List<Rule> rules =
        IntStream.rangeClosed(1, 10_000)
            .mapToObj(
                i ->
                    Sample.rule(
                        "r" + i,
                        i,
                        Expectation.CLOSED,
                        i == 10_000 ? Severity.CRITICAL : Severity.WARNING))
            .toList();
    Map<String, Trilean> all = new LinkedHashMap<>();
    rules.forEach(rule -> all.put(rule.name(), Trilean.YES));
    agent.scanWith(new Policy(true, rules), all);
    assertThat(agent.scrape().samples("portcurfew_rule_compliant")).hasSize(1_000);
    assertThat(metrics.scrape(false)).contains("rule=\"r10000\"").contains("rule=\"r999\"");
    assertThat(metrics.scrape(false)).doesNotContain("rule=\"r1000\"");
    assertThat(agent.scrape().samples()).containsEntry("portcurfew_rule_series_dropped", "9000.0");
    assertThat(metrics.scrape(false).length()).isLessThan(512 * 1024);
  }

  @Test
  void heartbeatThatLeftTheConfig_itsSeriesVanish() {
    metrics.heartbeatConfigured(true);
    metrics.heartbeat(new Delivery.Delivered(), Sample.NOW);
    assertThat(agent.scrape().samples("portcurfew_"))
        .containsKey("portcurfew_last_heartbeat_timestamp_seconds")
        .containsEntry("portcurfew_heartbeats_total{outcome=\"delivered\"}", "1.0");
    metrics.heartbeatConfigured(false);
    assertThat(metrics.scrape(false)).doesNotContain("heartbeat");
    // Its receiver answers after the reload.
    metrics.heartbeat(new Delivery.Delivered(), Sample.NOW);
    assertThat(metrics.scrape(false)).doesNotContain("heartbeat");
  }

  @Test
  void bundleHasSeriesOnlyWhileConfigured() {
    assertThat(metrics.scrape(false)).doesNotContain("bundle");
    metrics.bundleConfigured(true);
    metrics.bundleFetched(BundleOutcome.ACTIVATED, Sample.NOW);
    metrics.bundleConfigured(true);
    assertThat(agent.scrape().samples("portcurfew_bundle"))
        .containsEntry("portcurfew_bundle_fetches_total{outcome=\"activated\"}", "1.0")
        .containsEntry("portcurfew_bundle_fetches_total{outcome=\"held\"}", "0.0");
    metrics.bundleConfigured(false);
    metrics.bundleActive(null, null);
    metrics.bundleFetched(BundleOutcome.UNCHANGED, Sample.NOW);
    assertThat(metrics.scrape(false)).doesNotContain("bundle");
  }

  @Test
  void listenersHaveSeriesOnlyWithinTheirBound() {
    agent.scan();
    assertThat(metrics.scrape(false)).doesNotContain("portcurfew_listener_");
    metrics.listenerSeries(1);
    Map<String, String> first = agent.scrape().samples("portcurfew_listener_info");
    assertThat(first).hasSize(1).allSatisfy((series, one) -> assertThat(one).isEqualTo("1"));
    assertThat(agent.scrape().samples("portcurfew_listener_series_dropped").values())
        .isNotEqualTo(List.of("0.0"));
    metrics.scanned(
        Sample.judgedAt(Sample.NOW.plus(Duration.ofDays(1))),
        Sample.policy(),
        List.of(),
        MetricsFixture.TOOK);
    assertThat(agent.scrape().samples("portcurfew_listener_info")).hasSize(1);
    metrics.listenerSeries(0);
    assertThat(metrics.scrape(false)).doesNotContain("portcurfew_listener_");
  }

  @Test
  void lateDelivery_doesNotRestoreARemovedReceiver() {
    metrics.receivers(List.of("ops", "old"));
    metrics.delivery("ops", new Delivery.Delivered());
    metrics.receivers(List.of("ops"));
    metrics.delivery("old", new Delivery.Delivered());
    assertThat(metrics.scrape(false)).doesNotContain("old\"");
    assertThat(agent.scrape().samples())
        .containsEntry(
            "portcurfew_notifications_total{outcome=\"delivered\",receiver=\"ops\"}", "1.0");
  }

  @Test
  void aReceiverThatComesBackCountsFromZero() {
    metrics.receivers(List.of("ops"));
    metrics.delivery("ops", new Delivery.Delivered());
    metrics.receivers(List.of());
    metrics.receivers(List.of("ops"));
    assertThat(agent.scrape().samples())
        .containsEntry(
            "portcurfew_notifications_total{outcome=\"delivered\",receiver=\"ops\"}", "0.0");
  }

  @Test
  void findingsThatNoAlertFollowsAreCounted() {
    metrics.alertsNotFollowed(12);
    assertThat(agent.scrape().samples()).containsEntry("portcurfew_alerts_not_followed", "12.0");
  }

  @Test
  void aRefusedConfigShows() {
    metrics.configLoaded(true);
    metrics.configLoaded(false);
    assertThat(agent.scrape().samples())
        .containsEntry("portcurfew_config_last_reload_successful", "0.0");
  }

  @Test
  void aScrapeNeverSeesHalfAScan() throws Exception {
    Map<String, Trilean> yes = Map.of("npmp-gui", Trilean.YES, "ssh", Trilean.YES);
    Map<String, Trilean> no = Map.of("npmp-gui", Trilean.NO, "ssh", Trilean.NO);
    agent.scanWith(Sample.policy(), yes);
    Thread scans =
        new Thread(
            () -> {
              for (int i = 0; i < 500; i++) {
                agent.scanWith(Sample.policy(), i % 2 == 0 ? no : yes);
              }
            });
    scans.start();
    while (scans.isAlive()) {
      assertThat(List.copyOf(agent.scrape().samples("portcurfew_rule_compliant").values()))
          .isIn(List.of("0.0", "0.0"), List.of("1.0", "1.0"));
    }
    scans.join();
  }
}
