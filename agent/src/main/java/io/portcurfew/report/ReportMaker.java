package io.portcurfew.report;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.PortRange;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the report about one host from its last scan and its history. */
public final class ReportMaker {

  private final Policy policy;
  private final JudgedSnapshot judged;
  private final ObservedPeriod period;

  private ReportMaker(Policy policy, JudgedSnapshot judged, ObservedPeriod period) {
    this.policy = policy;
    this.judged = judged;
    this.period = period;
  }

  /**
   * Makes the report.
   *
   * @param name the name of the policy
   * @param digest the digest of the policy
   */
  public static HostReport of(
      Policy policy, String name, String digest, JudgedSnapshot judged, ObservedPeriod period) {
    return new ReportMaker(policy, judged, period).report(name, digest);
  }

  private HostReport report(String name, String digest) {
    Judgement judgement = judged.judgement();
    List<String> withoutRule =
        judgement.rulings().entrySet().stream()
            .filter(entry -> entry.getValue().verdict() == Verdict.UNLISTED)
            .map(entry -> entry.getKey().toString())
            .sorted()
            .toList();
    return new HostReport(
        judged.snapshot().host().toString(),
        period.from(),
        judged.snapshot().takenAt(),
        judged.isComplete(),
        period.head(),
        name,
        digest,
        counts(withoutRule.size()),
        policy.rules().stream().map(this::rule).toList(),
        judged.snapshot().gaps().stream().map(Object::toString).toList(),
        withoutRule,
        period.silences(),
        period.changes());
  }

  private ListenerCounts counts(int withoutRule) {
    Map<Verdict, Long> verdicts =
        judged.judgement().rulings().values().stream()
            .collect(Collectors.groupingBy(ruling -> ruling.verdict(), Collectors.counting()));
    long authorized =
        policy.rules().stream().filter(rule -> rule.expect() != Expectation.CLOSED).count();
    return new ListenerCounts(
        (int) authorized,
        judged.judgement().rulings().size(),
        verdicts.getOrDefault(Verdict.ALLOWED, 0L).intValue(),
        verdicts.getOrDefault(Verdict.FINDING, 0L).intValue(),
        withoutRule);
  }

  private RuleReport rule(Rule rule) {
    List<String> found = new ArrayList<>();
    boolean breach = false;
    for (Finding finding : judged.judgement().findings()) {
      if (finding.rule().equals(rule.name())) {
        found.add("now: " + finding.message());
        breach |= finding.kind().isBreach();
      }
    }
    for (Alert alert : period.alerts()) {
      if (isOver(alert, rule)) {
        found.add(
            "from %s to %s: %s"
                .formatted(alert.startsAt(), alert.endsAt(), alert.finding().message()));
        breach |= alert.finding().kind().isBreach();
      }
    }
    return new RuleReport(
        rule.name(),
        required(rule),
        rule.evidence().controls(),
        rule.because(),
        rule.evidence().approvedBy(),
        rule.until() == null ? null : rule.until().toString(),
        status(rule, breach),
        found);
  }

  /** An alert that is open is a finding now. */
  private static boolean isOver(Alert alert, Rule rule) {
    Instant end = alert.endsAt();
    return end != null
        && alert.state() == AlertState.RESOLVED
        && alert.finding().rule().equals(rule.name());
  }

  private ReportStatus status(Rule rule, boolean breach) {
    Trilean complies = judged.judgement().compliance().getOrDefault(rule.name(), Trilean.UNKNOWN);
    if (breach || complies == Trilean.NO) {
      return ReportStatus.FAIL;
    }
    return complies == Trilean.YES ? ReportStatus.PASS : ReportStatus.NOT_REVIEWED;
  }

  private static String required(Rule rule) {
    String ports =
        rule.scope().ports().stream().map(PortRange::toString).collect(Collectors.joining(", "));
    String protocols =
        rule.scope().protocols().stream()
            .map(protocol -> protocol.name().toLowerCase(Locale.ROOT))
            .sorted()
            .collect(Collectors.joining(" and "));
    return protocols + " " + ports + " " + rule.expect().label();
  }
}
