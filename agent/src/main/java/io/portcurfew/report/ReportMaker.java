package io.portcurfew.report;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.Verdict;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.Trilean;
import io.portcurfew.text.ShortList;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the report about one host from its last scan and its history. */
public final class ReportMaker {

  private static final int MOST_OWNERS = 4;

  private final Policy policy;
  private final JudgedSnapshot judged;
  private final ObservedPeriod period;
  private final UnseenTimes unseen;
  private final Set<AlertKey> current;

  private ReportMaker(Policy policy, JudgedSnapshot judged, ObservedPeriod period) {
    this.policy = policy;
    this.judged = judged;
    this.period = period;
    this.unseen = new UnseenTimes(period, judged.snapshot().takenAt());
    this.current =
        judged.judgement().findings().stream().map(AlertKey::of).collect(Collectors.toSet());
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
    return new HostReport(
        judged.snapshot().host().toString(),
        seconds(period.from()),
        seconds(judged.snapshot().takenAt()),
        judged.isComplete(),
        period.head(),
        name,
        digest,
        counts(),
        policy.rules().stream().map(this::rule).toList(),
        Stream.concat(judged.snapshot().gaps().stream(), unseen.ofHost().stream())
            .map(Object::toString)
            .toList(),
        withoutRule(),
        period.silences(),
        period.changes());
  }

  /** The listeners that no rule selects, whether the default allows them or not. */
  private List<String> withoutRule() {
    Stream<String> allowed =
        judged.judgement().rulings().entrySet().stream()
            .filter(entry -> entry.getValue().verdict() == Verdict.UNLISTED)
            .map(entry -> entry.getKey().toString());
    Stream<String> denied =
        judged.judgement().findings().stream()
            .filter(finding -> finding.kind() == FindingKind.UNLISTED)
            .map(Finding::place);
    Stream<String> earlier =
        period.alerts().stream()
            .filter(alert -> alert.finding().kind() == FindingKind.UNLISTED && isEarlier(alert))
            .map(alert -> alert.finding().place() + " " + time(alert));
    return Stream.of(allowed.sorted(), denied.sorted(), earlier).flatMap(places -> places).toList();
  }

  private ListenerCounts counts() {
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
        verdicts.getOrDefault(Verdict.UNLISTED, 0L).intValue());
  }

  private RuleReport rule(Rule rule) {
    List<String> found = new ArrayList<>();
    boolean breach = false;
    for (Finding finding : judged.judgement().findings()) {
      if (finding.rule().equals(rule.name())) {
        found.add("now: " + text(finding));
        breach |= finding.kind().isBreach();
      }
    }
    for (Alert alert : period.alerts()) {
      if (alert.finding().rule().equals(rule.name()) && isEarlier(alert)) {
        found.add(time(alert) + ": " + text(alert.finding()));
        breach |= alert.finding().kind().isBreach();
      }
    }
    unseen.longTimes(rule).forEach(time -> found.add("not seen " + time));
    return new RuleReport(
        rule.name(),
        RequirementText.of(rule),
        rule.evidence().controls(),
        rule.because(),
        rule.evidence().approvedBy(),
        rule.until() == null ? null : rule.until().toString(),
        status(rule, breach),
        found);
  }

  /** True unless the alert is a finding now, or its finding did not last long enough to fire. */
  private boolean isEarlier(Alert alert) {
    return alert.state() != AlertState.PENDING
        && (alert.endsAt() != null || !current.contains(alert.key()));
  }

  /** An alert that the agent has not resolved yet lasts to the end of the period. */
  private String time(Alert alert) {
    Instant end = Objects.requireNonNullElse(alert.endsAt(), judged.snapshot().takenAt());
    return "from " + seconds(alert.startsAt()) + " to " + seconds(end);
  }

  /** The message of a finding, with the owners that it does not name itself. */
  private static String text(Finding finding) {
    String message = finding.message();
    List<String> owners =
        finding.owners().stream()
            .map(Owner::toString)
            .filter(owner -> !message.contains(owner))
            .toList();
    return owners.isEmpty() ? message : message + "; owner: " + ShortList.of(owners, MOST_OWNERS);
  }

  /** Fractions of a second say nothing to an auditor. */
  private static Instant seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }

  private ReportStatus status(Rule rule, boolean breach) {
    Trilean complies = judged.judgement().compliance().getOrDefault(rule.name(), Trilean.UNKNOWN);
    if (breach || complies == Trilean.NO) {
      return ReportStatus.FAIL;
    }
    return complies == Trilean.YES && !unseen.isLongFor(rule)
        ? ReportStatus.PASS
        : ReportStatus.NOT_REVIEWED;
  }
}
