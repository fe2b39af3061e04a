package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.OutboxState;
import io.portcurfew.observe.SourceReport;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import io.portcurfew.store.StoreState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {

  private static final Duration TOOK = Duration.ofMillis(43);

  private final Metrics metrics = new Metrics("1.2.3");

  private void scan() {
    metrics.scanned(Sample.judged(), Sample.policy(), Sample.alerts(), TOOK);
  }

  private void scanWith(Policy policy, Map<String, Trilean> compliance) {
    JudgedSnapshot judged =
        new JudgedSnapshot(Sample.snapshot(), Sample.judgement(compliance, true));
    metrics.scanned(judged, policy, List.of(), TOOK);
  }

  private void everything() {
    scan();
    metrics.configLoaded(true);
    metrics.policyActive("ba9876543210");
    metrics.policyActive("0123456789ab");
    metrics.receivers(List.of("ops", "log"));
    metrics.alertmanagers(List.of("ops"));
    metrics.delivery("ops", new Delivery.Delivered());
    metrics.delivery("ops", new Delivery.Retry("503", null));
    metrics.delivery("log", new Delivery.Refused("gone"));
    metrics.outbox(Map.of("ops", new OutboxState(2, Duration.ofSeconds(90), 7, 1)));
    metrics.scanSkipped(3);
    for (int i = 0; i < 5; i++) {
      metrics.webRequestGivenUp();
    }
    Instant expires = Instant.parse("2027-01-01T00:00:00Z");
    metrics.listenerSeries(100);
    metrics.bundleConfigured(true);
    metrics.bundleActive(42L, expires);
    metrics.bundleFetched(BundleOutcome.ACTIVATED, expires.minusSeconds(3600));
    metrics.silences(2);
    metrics.detected(Duration.ofMillis(30));
    metrics.eventSources(
        () ->
            List.of(
                new EventSourceReport("perf", true, "", 7, 5, 2),
                new EventSourceReport("bpf", false, "not permitted (EPERM)", 0, 0, 0)));
    metrics.heartbeatConfigured(true);
    metrics.heartbeat(new Delivery.Delivered(), Sample.NOW);
    metrics.heartbeat(new Delivery.Refused("no"), Sample.NOW.plusSeconds(60));
    metrics.store(new StoreState("disk full", 12, 3, List.of(), List.of()), "611:9f86d0");
  }

  private Exposition scrape() {
    return new Exposition(metrics.scrape(false));
  }

  @Test
  void everyMetricIsAsInTheGoldenText() throws IOException {
    everything();
    String running = Runtime.version().toString();
    try (InputStream golden = MetricsTest.class.getResourceAsStream("metrics.txt")) {
      assertThat(metrics.scrape(false).replace("\"" + running + "\"", "\"JAVA\""))
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void promtoolFindsNothing(@TempDir Path folder) throws Exception {
    everything();
    Promtool.Answer answer = Promtool.run(folder, metrics.scrape(false), "check", "metrics");
    assertThat(answer).isEqualTo(new Promtool.Answer(0, ""));
  }

  @Test
  void promtoolFindsNothingBeforeTheFirstScan(@TempDir Path folder) throws Exception {
    Promtool.Answer answer = Promtool.run(folder, metrics.scrape(false), "check", "metrics");
    assertThat(answer).isEqualTo(new Promtool.Answer(0, ""));
  }

  /** What promtool 2.42 does not look for: see facts of duplicates, ESC and label sets. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noSeriesIsToldTwiceAndNoControlByteGetsOut(boolean openMetrics) {
    everything();
    Policy hostile =
        new Policy(
            true, List.of(Sample.rule(Sample.HOSTILE, 1, Expectation.CLOSED, Severity.INFO)));
    scanWith(hostile, Map.of(Sample.HOSTILE, Trilean.YES));
    metrics.receivers(List.of(Sample.HOSTILE));

    Exposition text = new Exposition(metrics.scrape(openMetrics));
    assertThat(text.samples()).isNotEmpty();
    assertThat(text.text()).matches("[\\n\\x20-\\x7e]+");
    assertThat(labelNamesByMetric(text).values()).allSatisfy(sets -> assertThat(sets).hasSize(1));
  }

  @Test
  void headOfTheHistoryIsOneSeriesADay() {
    Set<String> heads = new TreeSet<>();
    for (int day = 0; day < 3; day++) {
      for (int entry = 1; entry <= 20; entry++) {
        metrics.scanned(
            Sample.judgedAt(Sample.NOW.plus(Duration.ofDays(day))),
            Sample.policy(),
            List.of(),
            TOOK);
        int number = 20 * day + entry;
        metrics.store(new StoreState(null, 0, 0, List.of(), List.of()), number + ":9f86d0");
        scrape().samples().keySet().stream()
            .filter(series -> series.startsWith("portcurfew_history_head_info"))
            .forEach(heads::add);
        assertThat(scrape().samples()).containsEntry("portcurfew_history_entries", number + ".0");
      }
    }
    assertThat(heads)
        .containsExactly(
            "portcurfew_history_head_info{head=\"1:9f86d0\"}",
            "portcurfew_history_head_info{head=\"21:9f86d0\"}",
            "portcurfew_history_head_info{head=\"41:9f86d0\"}");
  }

  @Test
  void textfileOfAScanHasNoCounter(@TempDir Path folder) throws Exception {
    String text = TextfileMetrics.of("1.2.3", Sample.judged(), Sample.policy(), "0123456789ab");
    assertThat(Promtool.run(folder, text, "check", "metrics"))
        .isEqualTo(new Promtool.Answer(0, ""));
    assertThat(text)
        .contains("portcurfew_rule_compliant{", "portcurfew_policy_info{digest=\"0123456789ab\"} 1")
        .contains("portcurfew_build_info{", "portcurfew_source_up{", "portcurfew_findings{")
        .contains("portcurfew_last_scan_timestamp_seconds{outcome=")
        .doesNotContain(" counter\n", "portcurfew_alerts", "portcurfew_store");
  }

  private static Map<String, Set<String>> labelNamesByMetric(Exposition text) {
    return text.samples().keySet().stream()
        .collect(
            Collectors.groupingBy(
                series -> series.replaceAll("\\{.*", ""),
                Collectors.mapping(
                    series -> series.replaceAll("^[^{]*|\"(?:[^\"\\\\]|\\\\.)*\"", ""),
                    Collectors.toCollection(TreeSet::new))));
  }

  @Test
  void namesOfTheHostNeverAppear() {
    everything();
    assertThat(metrics.scrape(false)).doesNotContain("evil").doesNotContain("4711");
    assertThat(metrics.scrape(true)).doesNotContain("evil").doesNotContain("4711");
  }

  @Test
  void openMetricsHasItsOwnTypesAndEnd() {
    everything();
    Exposition text = new Exposition(metrics.scrape(true));
    assertThat(text.text()).endsWith("\n# EOF\n").containsOnlyOnce("# EOF");
    assertThat(text.lines())
        .contains("# TYPE portcurfew_scans counter", "# TYPE portcurfew_build info")
        .noneMatch(String::isEmpty);
    assertThat(text.samples()).hasSameSizeAs(scrape().samples());
    assertFamiliesAreWhole(text);
  }

  /** OpenMetrics 1.0.0: a family's lines stand together, and its samples bear its name. */
  private static void assertFamiliesAreWhole(Exposition text) {
    String family = "";
    Set<String> seen = new TreeSet<>();
    for (String line : text.lines()) {
      if (line.startsWith("# TYPE ")) {
        family = line.substring("# TYPE ".length()).replaceAll(" .*", "");
        assertThat(seen.add(family)).as("%s comes once", family).isTrue();
      } else if (!line.startsWith("#")) {
        assertThat(line.replaceAll("[{ ].*", ""))
            .matches(family + "(_total|_info|_bucket|_sum|_count)?");
      }
    }
  }

  @Test
  void countersAreThereBeforeAnythingHappened() {
    metrics.receivers(List.of("ops"));
    assertThat(scrape().samples())
        .containsEntry("portcurfew_scans_total{outcome=\"complete\"}", "0.0")
        .containsEntry("portcurfew_scans_total{outcome=\"partial\"}", "0.0")
        .containsEntry("portcurfew_scans_total{outcome=\"failed\"}", "0.0")
        .containsEntry("portcurfew_scans_skipped_total", "0.0")
        .containsEntry(
            "portcurfew_notifications_total{outcome=\"delivered\",receiver=\"ops\"}", "0.0")
        .containsEntry("portcurfew_outbox_notifications{receiver=\"ops\"}", "0.0")
        .containsEntry("portcurfew_outbox_oldest_seconds{receiver=\"ops\"}", "0.0");
  }

  @Test
  void nothingIsClaimedBeforeTheFirstScan() {
    assertThat(scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(scrape().samples("portcurfew_findings")).isEmpty();
    assertThat(scrape().samples("portcurfew_last_scan")).isEmpty();
    assertThat(scrape().samples("portcurfew_config_last")).isEmpty();
  }

  @Test
  void untestableRule_hasNoSeries() {
    scanWith(Sample.policy(), Map.of("npmp-gui", Trilean.YES, "ssh", Trilean.UNKNOWN));
    assertThat(scrape().samples("portcurfew_rule_compliant"))
        .containsOnly(
            Map.entry(
                "portcurfew_rule_compliant"
                    + "{expect=\"closed\",rule=\"npmp-gui\",severity=\"critical\"}",
                "1.0"));
    scanWith(Sample.policy(), Map.of("npmp-gui", Trilean.NO, "ssh", Trilean.YES));
    assertThat(scrape().samples("portcurfew_rule_compliant").values())
        .containsExactlyInAnyOrder("0.0", "1.0");
  }

  @Test
  void aRuleThatLeftThePolicyVanishes() {
    scan();
    assertThat(metrics.scrape(false)).contains("rule=\"ssh\"");
    Policy smaller =
        new Policy(true, List.of(Sample.rule("other", 1, Expectation.CLOSED, Severity.INFO)));
    scanWith(smaller, Map.of("other", Trilean.YES));
    assertThat(metrics.scrape(false)).doesNotContain("rule=\"ssh\"").contains("rule=\"other\"");
  }

  @Test
  void failedScan_removesOnlySeriesOfRules() {
    scan();
    Map<String, String> before = scrape().samples("portcurfew_findings");
    metrics.scanFailed(Sample.NOW.plusSeconds(10));
    assertThat(scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(scrape().samples("portcurfew_findings")).isEqualTo(before).isNotEmpty();
    assertThat(scrape().samples())
        .containsEntry("portcurfew_scans_total{outcome=\"failed\"}", "1.0")
        .containsEntry(
            "portcurfew_last_scan_timestamp_seconds{outcome=\"complete\"}", "1.795395723456E9")
        .containsEntry(
            "portcurfew_last_scan_timestamp_seconds{outcome=\"failed\"}", "1.795395733456E9");
  }

  @Test
  void overdueScan_removesSeriesOfRules() {
    scan();
    Map<String, String> before = scrape().samples("portcurfew_scans");
    metrics.scanOverdue();
    assertThat(scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(scrape().samples("portcurfew_scans")).isEqualTo(before);
  }

  @Test
  void scanIsPartialWhereSomethingWasNotSeen() {
    Policy policy = Sample.policy();
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(false), Sample.judgement(Map.of(), true)),
        policy,
        List.of(),
        TOOK);
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(true), Sample.judgement(Map.of(), false)),
        policy,
        List.of(),
        TOOK);
    assertThat(scrape().samples("portcurfew_scans_total"))
        .containsEntry("portcurfew_scans_total{outcome=\"partial\"}", "2.0")
        .containsEntry("portcurfew_scans_total{outcome=\"complete\"}", "0.0");
  }

  @Test
  void sourceThatIsDown_hasNoListeners() {
    scan();
    SourceReport oshiDown = new SourceReport("oshi", false, false, 0, 1, Duration.ZERO);
    metrics.scanned(
        new JudgedSnapshot(Sample.snapshot(false, oshiDown), Sample.judgement()),
        Sample.policy(),
        List.of(),
        TOOK);
    assertThat(scrape().samples("portcurfew_source"))
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
    scanWith(new Policy(true, rules), all);
    assertThat(scrape().samples("portcurfew_rule_compliant")).hasSize(1_000);
    assertThat(metrics.scrape(false)).contains("rule=\"r10000\"").contains("rule=\"r999\"");
    assertThat(metrics.scrape(false)).doesNotContain("rule=\"r1000\"");
    assertThat(scrape().samples()).containsEntry("portcurfew_rule_series_dropped", "9000.0");
    assertThat(metrics.scrape(false).length()).isLessThan(512 * 1024);
  }

  @Test
  void heartbeatThatLeftTheConfig_itsSeriesVanish() {
    metrics.heartbeatConfigured(true);
    metrics.heartbeat(new Delivery.Delivered(), Sample.NOW);
    assertThat(scrape().samples("portcurfew_"))
        .containsKey("portcurfew_last_heartbeat_timestamp_seconds")
        .containsEntry("portcurfew_heartbeats_total{outcome=\"delivered\"}", "1.0");
    metrics.heartbeatConfigured(false);
    assertThat(metrics.scrape(false)).doesNotContain("heartbeat");
  }

  @Test
  void bundleHasSeriesOnlyWhileConfigured() {
    assertThat(metrics.scrape(false)).doesNotContain("bundle");
    metrics.bundleConfigured(true);
    metrics.bundleFetched(BundleOutcome.ACTIVATED, Sample.NOW);
    metrics.bundleConfigured(true);
    assertThat(scrape().samples("portcurfew_bundle"))
        .containsEntry("portcurfew_bundle_fetches_total{outcome=\"activated\"}", "1.0")
        .containsEntry("portcurfew_bundle_fetches_total{outcome=\"held\"}", "0.0");
    metrics.bundleConfigured(false);
    metrics.bundleActive(null, null);
    assertThat(metrics.scrape(false)).doesNotContain("bundle");
  }

  @Test
  void listenersHaveSeriesOnlyWithinTheirBound() {
    scan();
    assertThat(metrics.scrape(false)).doesNotContain("portcurfew_listener_");
    metrics.listenerSeries(1);
    Map<String, String> first = scrape().samples("portcurfew_listener_info");
    assertThat(first).hasSize(1).allSatisfy((series, one) -> assertThat(one).isEqualTo("1"));
    assertThat(scrape().samples("portcurfew_listener_series_dropped").values())
        .isNotEqualTo(List.of("0.0"));
    metrics.scanned(
        Sample.judgedAt(Sample.NOW.plus(Duration.ofDays(1))), Sample.policy(), List.of(), TOOK);
    assertThat(scrape().samples("portcurfew_listener_info")).hasSize(1);
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
    assertThat(scrape().samples())
        .containsEntry(
            "portcurfew_notifications_total{outcome=\"delivered\",receiver=\"ops\"}", "1.0");
  }

  @Test
  void aReceiverThatComesBackCountsFromZero() {
    metrics.receivers(List.of("ops"));
    metrics.delivery("ops", new Delivery.Delivered());
    metrics.receivers(List.of());
    metrics.receivers(List.of("ops"));
    assertThat(scrape().samples())
        .containsEntry(
            "portcurfew_notifications_total{outcome=\"delivered\",receiver=\"ops\"}", "0.0");
  }

  @Test
  void findingsThatNoAlertFollowsAreCounted() {
    metrics.alertsNotFollowed(12);
    assertThat(scrape().samples()).containsEntry("portcurfew_alerts_not_followed", "12.0");
  }

  @Test
  void aRefusedConfigShows() {
    metrics.configLoaded(true);
    metrics.configLoaded(false);
    assertThat(scrape().samples()).containsEntry("portcurfew_config_last_reload_successful", "0.0");
  }

  @Test
  void aScrapeNeverSeesHalfAScan() throws Exception {
    Map<String, Trilean> yes = Map.of("npmp-gui", Trilean.YES, "ssh", Trilean.YES);
    Map<String, Trilean> no = Map.of("npmp-gui", Trilean.NO, "ssh", Trilean.NO);
    scanWith(Sample.policy(), yes);
    Thread scans =
        new Thread(
            () -> {
              for (int i = 0; i < 500; i++) {
                scanWith(Sample.policy(), i % 2 == 0 ? no : yes);
              }
            });
    scans.start();
    while (scans.isAlive()) {
      assertThat(List.copyOf(scrape().samples("portcurfew_rule_compliant").values()))
          .isIn(List.of("0.0", "0.0"), List.of("1.0", "1.0"));
    }
    scans.join();
  }
}
