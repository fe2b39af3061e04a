package io.portcurfew.metrics;

import io.micrometer.core.instrument.Tags;
import io.portcurfew.observe.HostText;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The compliance of at most {@link #MOST} rules: the most severe, and among equals the first. The
 * choice depends on the policy alone, so nothing on the host adds or removes a series, except that
 * a rule that cannot be tested has none.
 *
 * @param dropped the number of rules beyond the bound
 */
record RuleSeries(GaugeFamily.Values values, int dropped) {

  static final int MOST = 1_000;

  private static final Comparator<Rule> WORST_FIRST =
      Comparator.<Rule, Severity>comparing(Rule::severity).reversed();

  static RuleSeries of(Policy policy, Map<String, Trilean> compliance) {
    List<Rule> kept = policy.rules().stream().sorted(WORST_FIRST).limit(MOST).toList();
    GaugeFamily.Values values = new GaugeFamily.Values();
    for (Rule rule : kept) {
      Trilean holds = compliance.getOrDefault(rule.name(), Trilean.UNKNOWN);
      if (holds != Trilean.UNKNOWN) {
        values.put(labels(rule), holds == Trilean.YES ? 1 : 0);
      }
    }
    return new RuleSeries(values, policy.rules().size() - kept.size());
  }

  private static Tags labels(Rule rule) {
    // A learned name comes from the host, and the text format does not escape control characters.
    return Tags.of(
        "rule", HostText.of(rule.name()).toString(),
        "expect", rule.expect().label(),
        "severity", rule.severity().label());
  }
}
