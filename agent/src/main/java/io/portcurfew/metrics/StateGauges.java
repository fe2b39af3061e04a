package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was found, by fixed sets of labels: every combination is there, at 0 where there is none, so
 * that an alert on one of them can also be seen to end. The gauges are set when somebody asks for
 * them: most scans change nothing, and there are more of them than scrapes.
 */
final class StateGauges {

  private final GaugeFamily listeners;
  private final GaugeFamily findings;
  private final GaugeFamily alerts;
  private final GaugeFamily notFollowed;
  private final GaugeFamily silenced;
  private final GaugeFamily silences;
  private final GaugeFamily compliant;
  private final GaugeFamily dropped;

  private @Nullable Judgement judgement;
  private @Nullable Policy policy;
  private @Nullable Judgement published;
  private @Nullable Policy publishedBy;
  private Collection<Alert> kept = List.of();
  private @Nullable Integer lost;
  private int inForce;

  StateGauges(MeterRegistry registry) {
    listeners =
        new GaugeFamily(
            registry,
            "portcurfew_listeners",
            "Listeners of the last scan by what the policy says of them.");
    findings = new GaugeFamily(registry, "portcurfew_findings", "Findings of the last scan.");
    alerts = new GaugeFamily(registry, "portcurfew_alerts", "Alerts that the agent keeps.");
    notFollowed =
        new GaugeFamily(
            registry,
            "portcurfew_alerts_not_followed",
            "Findings of the last scan that found no place among the alerts.");
    silenced =
        new GaugeFamily(
            registry,
            "portcurfew_alerts_silenced",
            "Firing alerts of which people are not told since a silence is about them.");
    silences = new GaugeFamily(registry, "portcurfew_silences", "Silences that hold.");
    compliant =
        new GaugeFamily(
            registry,
            "portcurfew_rule_compliant",
            "Whether the rule holds: 1 or 0; absent where that could not be seen.");
    dropped =
        new GaugeFamily(
            registry,
            "portcurfew_rule_series_dropped",
            "Rules that have no series of their own because there are more than "
                + RuleSeries.MOST
                + " rules.");
  }

  /** What the last scan found. */
  void judged(Judgement latest, Policy by) {
    judgement = latest;
    policy = by;
  }

  /** Whether the rules hold is not known any more. */
  void blind() {
    policy = null;
  }

  void alerts(Collection<Alert> all) {
    kept = all;
  }

  void notFollowed(int findings) {
    lost = findings;
  }

  void silences(int latest) {
    inForce = latest;
  }

  /** Sets the gauges to what was told last; before the first scan there is nothing to tell. */
  void publish() {
    Judgement latest = judgement;
    if (latest != null) {
      alerts.set(countAlerts(kept));
      silenced.set(
          one(kept.stream().filter(alert -> alert.notificationState().held() != null).count()));
      silences.set(one(inForce));
      publish(latest);
    }
    if (lost != null) {
      notFollowed.set(one(lost));
    }
  }

  // On a host where nothing changes it is the very same judgement, and the gauges stand.
  @SuppressWarnings("ReferenceEquality")
  private void publish(Judgement latest) {
    if (latest == published && policy == publishedBy) {
      return;
    }
    published = latest;
    publishedBy = policy;
    listeners.set(countListeners(latest));
    findings.set(countFindings(latest.findings()));
    publishRules(latest, policy);
  }

  private void publishRules(Judgement latest, @Nullable Policy by) {
    if (by == null) {
      compliant.set(new GaugeFamily.Values());
      return;
    }
    RuleSeries rules = RuleSeries.of(by, latest.compliance());
    compliant.set(rules.values());
    dropped.set(new GaugeFamily.Values().put(Tags.empty(), rules.dropped()));
  }

  private static GaugeFamily.Values one(long value) {
    return new GaugeFamily.Values().put(Tags.empty(), (double) value);
  }

  private static GaugeFamily.Values countAlerts(Collection<Alert> all) {
    record Labels(AlertState state, Severity severity) {}
    Map<Labels, Long> count =
        count(all.stream().map(a -> new Labels(a.state(), a.finding().severity())));
    GaugeFamily.Values values = new GaugeFamily.Values();
    for (AlertState state : AlertState.values()) {
      for (Severity severity : Severity.values()) {
        Tags tags = Tags.of("state", state.label(), "severity", severity.label());
        values.put(tags, count.getOrDefault(new Labels(state, severity), 0L));
      }
    }
    return values;
  }

  private static GaugeFamily.Values countListeners(Judgement judgement) {
    record Labels(Protocol protocol, Verdict verdict) {}
    Map<Labels, Long> count =
        count(
            judgement.rulings().entrySet().stream()
                .map(e -> new Labels(e.getKey().protocol(), e.getValue().verdict())));
    GaugeFamily.Values values = new GaugeFamily.Values();
    for (Protocol protocol : Protocol.values()) {
      for (Verdict verdict : Verdict.values()) {
        Tags tags = Tags.of("protocol", protocol.label(), "verdict", verdict.label());
        values.put(tags, count.getOrDefault(new Labels(protocol, verdict), 0L));
      }
    }
    return values;
  }

  private static GaugeFamily.Values countFindings(Collection<Finding> all) {
    record Labels(FindingKind kind, Severity severity) {}
    Map<Labels, Long> count = count(all.stream().map(f -> new Labels(f.kind(), f.severity())));
    GaugeFamily.Values values = new GaugeFamily.Values();
    // They are told, and found by no scan.
    for (FindingKind kind :
        EnumSet.complementOf(EnumSet.of(FindingKind.HEARTBEAT, FindingKind.TEST))) {
      for (Severity severity : Severity.values()) {
        Tags tags = Tags.of("kind", kind.label(), "severity", severity.label());
        values.put(tags, count.getOrDefault(new Labels(kind, severity), 0L));
      }
    }
    return values;
  }

  private static <T> Map<T, Long> count(Stream<T> labels) {
    return labels.collect(Collectors.groupingBy(l -> l, Collectors.counting()));
  }
}
