package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The files that we ship for Prometheus, under Prometheus' own tool. */
class PrometheusRulesTest {

  private static final Path FOLDER = Path.of("../config/prometheus").toAbsolutePath().normalize();
  private static final Pattern METRIC = Pattern.compile("portcurfew_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("(?:alert|alertname): (Portcurfew\\w+)");

  @Test
  void theExampleConfigIsValid() throws Exception {
    assertThat(Promtool.run(FOLDER, "", "check", "config", "prometheus.yml").output())
        .doesNotContain("FAILED")
        .contains("SUCCESS: prometheus.yml is valid");
  }

  @Test
  void everyRuleIsValid() throws Exception {
    assertThat(Promtool.run(FOLDER, "", "check", "rules", "portcurfew.rules.yaml").output())
        .doesNotContain("FAILED")
        .contains("SUCCESS: " + found(ALERT, "portcurfew.rules.yaml").size() + " rules found");
  }

  @Test
  void everyAlertFiresWhenItShould() throws Exception {
    Promtool.Answer answer =
        Promtool.run(FOLDER, "", "test", "rules", "portcurfew.rules.test.yaml");
    assertThat(answer.output()).contains("SUCCESS").doesNotContain("FAILED");
    assertThat(answer.status()).isZero();
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
    metrics.delivery("ops", new Delivery.Delivered());
    Set<String> known =
        new Exposition(metrics.scrape(false))
            .samples().keySet().stream()
                .map(series -> series.replaceAll("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    assertThat(known).containsAll(found(METRIC, "portcurfew.rules.yaml"));
  }

  private static Set<String> found(Pattern pattern, String file) throws IOException {
    Matcher matcher = pattern.matcher(Files.readString(FOLDER.resolve(file)));
    return matcher
        .results()
        .map(result -> result.group(result.groupCount()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
