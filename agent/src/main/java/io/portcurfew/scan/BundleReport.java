package io.portcurfew.scan;

import io.portcurfew.config.ActiveBundle;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reports why the policy bundle that an admin wants is not the active one. */
final class BundleReport {

  private static final String BEGINNING = "the policy bundle is not as configured; ";

  private BundleReport() {}

  /**
   * The finding about the bundle: the last one offered was not accepted, the copy is not good, or
   * the active one has expired.
   *
   * @param fetch why the last bundle was not accepted; {@code null} if it was
   */
  static Optional<Finding> finding(
      @Nullable ActiveBundle active, @Nullable String fetch, Instant now) {
    if (active == null) {
      return Optional.empty();
    }
    String problem = fetch == null ? active.problem() : fetch;
    if (problem == null && active.manifest() != null && active.manifest().isExpired(now)) {
      problem =
          "revision "
              + active.manifest().revision()
              + " expired at "
              + active.manifest().expires()
              + " and no newer one was accepted";
    }
    return Optional.ofNullable(problem).map(why -> finding(active, why));
  }

  private static Finding finding(ActiveBundle active, String problem) {
    return AgentFindings.of(
        AgentCondition.POLICY_NOT_LOADED,
        Severity.WARNING,
        BEGINNING + active.describe() + " stays active: " + problem,
        List.of(problem));
  }

  /** The problem in a finding about the bundle; empty in one about other files. */
  static Optional<String> problem(Finding finding) {
    return finding.message().startsWith(BEGINNING)
        ? finding.evidence().stream().findFirst()
        : Optional.empty();
  }
}
