package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.OutboxState;
import io.portcurfew.observe.event.EventSourceReport;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import io.portcurfew.store.StoreState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {

  private final MetricsFixture agent = new MetricsFixture();
  private final Metrics metrics = agent.metrics;

  private void everything() {
    agent.scan();
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
        List.of(
            new EventSourceReport("perf", true, "", 7, 5, 2),
            new EventSourceReport("bpf", false, "not permitted (EPERM)", 0, 0, 0)));
    metrics.heartbeatConfigured(true);
    metrics.heartbeat(new Delivery.Delivered(), Sample.NOW);
    metrics.heartbeat(new Delivery.Refused("no"), Sample.NOW.plusSeconds(60));
    metrics.store(new StoreState("disk full", 12, 3, List.of(), List.of()), "611:9f86d0");
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

  /**
   * Duplicates, escape characters and different label sets, which promtool 2.42 does not report.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noSeriesTwiceAndNoControlByte(boolean openMetrics) {
    everything();
    Policy hostile =
        new Policy(
            true, List.of(Sample.rule(Sample.HOSTILE, 1, Expectation.CLOSED, Severity.INFO)));
    agent.scanWith(hostile, Map.of(Sample.HOSTILE, Trilean.YES));
    metrics.receivers(List.of(Sample.HOSTILE));

    Exposition text = new Exposition(metrics.scrape(openMetrics));
    assertThat(text.samples()).isNotEmpty();
    assertThat(text.text()).matches("[\\n\\x20-\\x7e]+");
    assertThat(labelNamesByMetric(text).values()).allSatisfy(sets -> assertThat(sets).hasSize(1));
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
    assertThat(text.samples()).hasSameSizeAs(agent.scrape().samples());
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
    assertThat(agent.scrape().samples())
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
    assertThat(agent.scrape().samples("portcurfew_rule_compliant")).isEmpty();
    assertThat(agent.scrape().samples("portcurfew_findings")).isEmpty();
    assertThat(agent.scrape().samples("portcurfew_last_scan")).isEmpty();
    assertThat(agent.scrape().samples("portcurfew_config_last")).isEmpty();
  }
}
