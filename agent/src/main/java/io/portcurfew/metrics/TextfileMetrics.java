package io.portcurfew.metrics;

import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The metrics of a single scan, for the textfile collector of node_exporter: what is true of the
 * host, and no counter, since a counter of one scan would always be 1.
 */
public final class TextfileMetrics {

  private static final Set<String> NAMES =
      Set.of(
          "portcurfew_build",
          "portcurfew_policy",
          "portcurfew_findings",
          "portcurfew_last_scan_timestamp_seconds",
          "portcurfew_listeners",
          "portcurfew_rule_compliant",
          "portcurfew_rule_series_dropped",
          "portcurfew_source_duration_seconds",
          "portcurfew_source_gaps",
          "portcurfew_source_listeners",
          "portcurfew_source_up");

  private TextfileMetrics() {}

  /**
   * The text, in the Prometheus text format 0.0.4.
   *
   * @param version the version of the agent
   * @param digest the digest of the policy
   */
  public static String of(String version, JudgedSnapshot judged, Policy policy, String digest) {
    Metrics metrics = new Metrics(version);
    metrics.scanned(judged, policy, List.of(), Duration.ZERO);
    metrics.policyActive(digest);
    return metrics.scrape(NAMES);
  }
}
