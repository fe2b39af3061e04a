package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.system.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files that we ship for Prometheus, under Prometheus' own tool. */
class PrometheusRulesTest {

  private static final Path FOLDER = Path.of("../config/prometheus").toAbsolutePath().normalize();
  private static final Pattern METRIC = Pattern.compile("portcurfew_[a-z_]+");
  private static final Pattern RECORD = Pattern.compile("record: (\\S+)");
  private static final Pattern RUNBOOK =
      Pattern.compile(
          "alert: (\\w+)\\n(?:(?!- alert:)[\\s\\S])*?runbook_url: \\S*/runbooks/(\\w+)\\.md");
  private static final Pattern ALERT = Pattern.compile("(?:alert|alertname): (Portcurfew\\w+)");

  @Test
  void theExampleConfigIsValid() throws Exception {
    assertThat(Promtool.run(FOLDER, "", "check", "config", "prometheus.yml").output())
        .doesNotContain("FAILED")
        .contains("SUCCESS: prometheus.yml is valid");
  }

  @Test
  void everyRuleIsValid() throws Exception {
    int rules =
        found(ALERT, "portcurfew.rules.yaml").size()
            + found(RECORD, "portcurfew.rules.yaml").size();
    assertThat(Promtool.run(FOLDER, "", "check", "rules", "portcurfew.rules.yaml").output())
        .doesNotContain("FAILED")
        .contains("SUCCESS: " + rules + " rules found");
  }

  @Test
  void everyAlertFiresWhenItShould() throws Exception {
    Promtool.Answer answer =
        Promtool.run(FOLDER, "", "test", "rules", "portcurfew.rules.test.yaml");
    assertThat(answer.output()).contains("SUCCESS").doesNotContain("FAILED");
    assertThat(answer.status()).isZero();
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    Map<String, String> runbooks = new TreeMap<>();
    RUNBOOK
        .matcher(Files.readString(FOLDER.resolve("portcurfew.rules.yaml")))
        .results()
        .forEach(found -> runbooks.put(found.group(1), found.group(2)));
    Set<String> alerts = found(ALERT, "portcurfew.rules.yaml");
    assertThat(runbooks.keySet()).isEqualTo(alerts);
    assertThat(runbooks).allSatisfy((alert, page) -> assertThat(page).isEqualTo(alert));
    Path pages = FOLDER.resolve("../../agent/docs/runbooks");
    try (Stream<Path> files = Files.list(pages)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".md", "")))
          .containsExactlyInAnyOrderElementsOf(alerts);
    }
    for (String alert : alerts) {
      assertThat(Files.readString(pages.resolve(alert + ".md")))
          .startsWith("# " + alert + "\n")
          .contains("\n## Meaning\n", "\n## Likely causes\n", "\n## Commands\n", "\n## Silence\n")
          .contains("alertname=" + alert + " ");
    }
  }

  /** make-rules replaces the address, and takes everything before the page as one. */
  @Test
  void everyRunbookHasTheSameAddress() throws IOException {
    String rules = Files.readString(FOLDER.resolve("portcurfew.rules.yaml"));
    Set<String> addresses =
        Pattern.compile("runbook_url: (\\S+/)\\w+\\.md\n")
            .matcher(rules)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(addresses).hasSize(1);
    assertThat(addresses.iterator().next()).endsWith("/agent/docs/runbooks/");
  }

  @Test
  void everyRecordingRuleHasATest() throws IOException {
    String tests = Files.readString(FOLDER.resolve("portcurfew.rules.test.yaml"));
    String rules = Files.readString(FOLDER.resolve("portcurfew.rules.yaml"));
    assertThat(found(RECORD, "portcurfew.rules.yaml"))
        .allSatisfy(
            record ->
                assertThat(tests.contains(record) || rules.split(record, -1).length > 2)
                    .as(record)
                    .isTrue());
  }

  @Test
  void exampleOfAlertmanagerIsValid() throws Exception {
    Path file = FOLDER.resolve("../alertmanager/alertmanager.yml").normalize();
    Tool.Result result = Tool.run("amtool", "check-config", file.toString());
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("3 inhibit rules", "3 receivers");
  }

  @Test
  void everyAlertHasATest() throws IOException {
    assertThat(found(ALERT, "portcurfew.rules.test.yaml"))
        .isEqualTo(found(ALERT, "portcurfew.rules.yaml"));
  }

  @Test
  void alertRulesUseExistingMetrics() throws IOException {
    Metrics metrics = new Metrics("1");
    metrics.scanned(Sample.judged(), Sample.policy(), List.of(), Duration.ZERO);
    metrics.configLoaded(true);
    metrics.receivers(List.of("ops"));
    metrics.alertmanagers(List.of("ops"));
    metrics.policyActive("0123456789ab");
    metrics.delivery("ops", new Delivery.Delivered());
    metrics.heartbeatConfigured(true);
    metrics.bundleConfigured(true);
    metrics.bundleActive(1L, Instant.EPOCH);
    metrics.bundleFetched(BundleOutcome.UNCHANGED, Instant.EPOCH);
    Set<String> known =
        new Exposition(metrics.scrape(false))
            .samples().keySet().stream()
                .map(series -> series.replaceAll("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(known).containsAll(metricsOf("portcurfew.rules.yaml"));
  }

  /** Metrics of the agent: not the names of recording rules, which have colons. */
  private static Set<String> metricsOf(String file) throws IOException {
    return METRIC
        .matcher(Files.readString(FOLDER.resolve(file)).replaceAll("\\w+:portcurfew_\\w+:\\w+", ""))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> found(Pattern pattern, String file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(FOLDER.resolve(file)));
    return matcher
        .results()
        .map(result -> result.group(result.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
