package io.portcurfew.report;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report about one host.
 *
 * @param from the begin of the period
 * @param to its end, the time of the last scan
 * @param complete true if the last scan saw everything
 * @param head the head of the audit log, which proves the history; {@code null} without history
 * @param policy the name of the policy
 * @param digest its digest
 * @param gaps what could not be seen, at the end of the period and at other times
 * @param withoutRule the listeners without a rule, also those that the default denies
 * @param silences the silences of the period
 * @param changes the policies that were loaded in the period, and starts and stops of the agent
 */
public record HostReport(
    String host,
    Instant from,
    Instant to,
    boolean complete,
    @Nullable String head,
    String policy,
    String digest,
    ListenerCounts counts,
    List<RuleReport> rules,
    List<String> gaps,
    List<String> withoutRule,
    List<String> silences,
    List<String> changes) {

  public HostReport {
    rules = List.copyOf(rules);
    gaps = List.copyOf(gaps);
    withoutRule = List.copyOf(withoutRule);
    silences = List.copyOf(silences);
    changes = List.copyOf(changes);
  }

  /** The number of rules with this status. */
  public long count(ReportStatus status) {
    return rules.stream().filter(rule -> rule.status() == status).count();
  }
}
