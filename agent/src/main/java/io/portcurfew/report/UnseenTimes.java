package io.portcurfew.report;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The times of a period in which something was not seen, by its alerts and its pauses. */
final class UnseenTimes {

  private final ObservedPeriod period;
  private final Instant end;
  private final List<UnseenTime> ofHost;

  /**
   * @param end the end of the period
   */
  UnseenTimes(ObservedPeriod period, Instant end) {
    this.period = period;
    this.end = end;
    this.ofHost =
        Stream.concat(
                period.pauses().stream(),
                alerts().filter(alert -> hidesAPlace(alert.finding())).map(this::time))
            .toList();
  }

  /** The times in which the host or a namespace of it was not seen. */
  List<UnseenTime> ofHost() {
    return ofHost;
  }

  /** The long ones of them in which a breach of the rule could have gone unseen. */
  List<UnseenTime> longTimes(Rule rule) {
    return ofHost.stream().filter(one -> one.concerns(rule) && one.isLong()).toList();
  }

  /** True if the rule could not be tested for a long time, also for one of its listeners alone. */
  boolean isLongFor(Rule rule) {
    return !longTimes(rule).isEmpty()
        || alerts()
            .filter(alert -> leavesOpen(alert.finding(), rule))
            .anyMatch(alert -> time(alert).isLong());
  }

  private Stream<Alert> alerts() {
    return period.alerts().stream().filter(alert -> alert.state() != AlertState.PENDING);
  }

  private static boolean hidesAPlace(Finding finding) {
    boolean isBlind = finding.kind() == FindingKind.BLIND && finding.rule().equals(Policy.DEFAULT);
    return isBlind || finding.kind() == AgentCondition.SCAN_LATE;
  }

  /** True if the rule could not be tested for one of its listeners. */
  private static boolean leavesOpen(Finding finding, Rule rule) {
    return finding.rule().equals(rule.name())
        && (finding.kind() == FindingKind.BLIND || finding.kind() == FindingKind.OWNER_UNKNOWN);
  }

  /** The part of the alert within the period. */
  private UnseenTime time(Alert alert) {
    Instant from = alert.startsAt().isBefore(period.from()) ? period.from() : alert.startsAt();
    return new UnseenTime(
        from,
        Objects.requireNonNullElse(alert.endsAt(), end),
        alert.finding().namespace(),
        alert.finding().message());
  }
}
