package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Listeners, findings, alerts and compliance by fixed sets of labels. A combination has a value, 0
 * if there is none, so that an alert on one of them also ends. Of the findings only each kind about
 * the host has one from the start: kinds and severities together would be a third of all series.
 * The gauges are set at a scrape: most scans change nothing, and there are more scans than scrapes.
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
  private final GaugeFamily replaced;

  /** These keep a series, which is 0 after the end of a finding. */
  private final Set<KindAndSeverity> everFound = new HashSet<>();

  private @Nullable Judgement judgement;
  private @Nullable Snapshot snapshot;
  private @Nullable Policy policy;
  private @Nullable Judgement published;
  private @Nullable Policy publishedBy;
  private Collection<Alert> kept = List.of();
  private @Nullable Integer lost;
  private int active;

  private record KindAndSeverity(FindingType kind, Severity severity) {}

  StateGauges(MeterRegistry registry) {
    listeners =
        new GaugeFamily(registry, "portcurfew_listeners", "Listeners of the last scan by verdict.");
    findings = new GaugeFamily(registry, "portcurfew_findings", "Findings of the last scan.");
    alerts = new GaugeFamily(registry, "portcurfew_alerts", "Alerts by state and severity.");
    notFollowed =
        new GaugeFamily(
            registry,
            "portcurfew_alerts_not_followed",
            "Findings of the last scan without an alert because there are too many alerts.");
    silenced =
        new GaugeFamily(
            registry, "portcurfew_alerts_silenced", "Firing alerts that a silence holds back.");
    silences = new GaugeFamily(registry, "portcurfew_silences", "Active silences.");
    compliant =
        new GaugeFamily(
            registry,
            "portcurfew_rule_compliant",
            "1 if the host complies with the rule, 0 if not; absent if that could not be seen.");
    dropped =
        new GaugeFamily(
            registry,
            "portcurfew_rule_series_dropped",
            "Rules without a series of their own because there are more than "
                + RuleSeries.MOST
                + " rules.");
    replaced =
        new GaugeFamily(
            registry,
            "portcurfew_owners_replaced",
            "Processes with a listener that run a file which a package upgrade has replaced.");
  }

  /** Sets the snapshot and the judgement of the last scan. */
  void judged(JudgedSnapshot judged, Policy by) {
    judgement = judged.judgement();
    snapshot = judged.snapshot();
    policy = by;
  }

  /** Compliance is unknown from now on. */
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
    active = latest;
  }

  /** Sets the gauges to the latest values; before the first scan there are none. */
  void publish() {
    Judgement latest = judgement;
    if (latest != null) {
      alerts.set(countAlerts(kept));
      silenced.set(
          one(kept.stream().filter(alert -> alert.notificationState().held() != null).count()));
      silences.set(one(active));
      publish(latest);
    }
    if (lost != null) {
      notFollowed.set(one(lost));
    }
  }

  // While nothing changes on the host the judgement is the same object, and the gauges stay.
  @SuppressWarnings("ReferenceEquality")
  private void publish(Judgement latest) {
    if (latest == published && policy == publishedBy) {
      return;
    }
    published = latest;
    publishedBy = policy;
    listeners.set(countListeners(latest));
    findings.set(countFindings(latest.findings()));
    replaced.set(one(countReplaced()));
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

  private long countReplaced() {
    Snapshot seen = snapshot;
    return seen == null ? 0 : seen.replacedOwners();
  }

  private static GaugeFamily.Values one(long value) {
    return new GaugeFamily.Values().put(Tags.empty(), (double) value);
  }

  private static GaugeFamily.Values countAlerts(Collection<Alert> all) {
    record AlertSeries(AlertState state, Severity severity) {}
    Map<AlertSeries, Long> count =
        count(all.stream().map(a -> new AlertSeries(a.state(), a.finding().severity())));
    GaugeFamily.Values values = new GaugeFamily.Values();
    for (AlertState state : AlertState.values()) {
      for (Severity severity : Severity.values()) {
        Tags tags = Tags.of("state", state.label(), "severity", severity.label());
        values.put(tags, count.getOrDefault(new AlertSeries(state, severity), 0L));
      }
    }
    return values;
  }

  private static GaugeFamily.Values countListeners(Judgement judgement) {
    record VerdictSeries(Protocol protocol, Verdict verdict) {}
    Map<VerdictSeries, Long> count =
        count(
            judgement.rulings().entrySet().stream()
                .map(e -> new VerdictSeries(e.getKey().protocol(), e.getValue().verdict())));
    GaugeFamily.Values values = new GaugeFamily.Values();
    for (Protocol protocol : Protocol.values()) {
      for (Verdict verdict : Verdict.values()) {
        Tags tags = Tags.of("protocol", protocol.label(), "verdict", verdict.label());
        values.put(tags, count.getOrDefault(new VerdictSeries(protocol, verdict), 0L));
      }
    }
    return values;
  }

  private GaugeFamily.Values countFindings(Collection<Finding> all) {
    Map<KindAndSeverity, Long> count =
        count(all.stream().map(f -> new KindAndSeverity(f.kind(), f.severity())));
    everFound.addAll(count.keySet());
    GaugeFamily.Values values = new GaugeFamily.Values();
    everFound.forEach(
        one -> values.put(tags(one.kind(), one.severity()), count.getOrDefault(one, 0L)));
    for (FindingKind kind : FindingKind.values()) {
      if (everFound.stream().noneMatch(one -> one.kind() == kind)) {
        values.put(tags(kind, kind.isBreach() ? Severity.CRITICAL : Severity.WARNING), 0);
      }
    }
    return values;
  }

  private static Tags tags(FindingType kind, Severity severity) {
    return Tags.of("kind", kind.label(), "severity", severity.label());
  }

  private static <T> Map<T, Long> count(Stream<T> labels) {
    return labels.collect(Collectors.groupingBy(l -> l, Collectors.counting()));
  }
}
