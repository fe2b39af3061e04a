package io.portcurfew.metrics;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Metrics of an agent, and scans of the {@link Sample}. */
final class MetricsFixture {

  static final Duration TOOK = Duration.ofMillis(43);

  final Metrics metrics = new Metrics("1.2.3");

  void scan() {
    metrics.scanned(Sample.judged(), Sample.policy(), Sample.alerts(), TOOK);
  }

  void scanWith(Policy policy, Map<String, Trilean> compliance) {
    JudgedSnapshot judged =
        new JudgedSnapshot(Sample.snapshot(), Sample.judgement(compliance, true));
    metrics.scanned(judged, policy, List.of(), TOOK);
  }

  Exposition scrape() {
    return new Exposition(metrics.scrape(false));
  }
}
