package io.portcurfew.scan;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Alerts;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The findings about the agent itself that the previous agent left, and that this one cannot decide
 * before it has done the same work: a restart is no reason to resolve them.
 */
final class EarlierConditions {

  private EarlierConditions() {}

  /**
   * The findings of the first scan: only after it the number of findings without an alert is known.
   *
   * @param found those of this run
   * @param saved the alerts before the first scan
   */
  static List<Finding> and(List<Finding> found, Alerts saved) {
    boolean known = found.stream().anyMatch(one -> one.kind() == AgentCondition.ALERTS_FULL);
    return known
        ? found
        : Stream.concat(found.stream(), earlier(saved, AgentCondition.ALERTS_FULL).stream())
            .toList();
  }

  /** The problem of the policy bundle as last reported; {@code null} if there was none. */
  static @Nullable String bundleProblem(Alerts saved) {
    return earlier(saved, AgentCondition.POLICY_NOT_LOADED)
        .flatMap(BundleReport::problem)
        .orElse(null);
  }

  private static Optional<Finding> earlier(Alerts saved, AgentCondition kind) {
    return saved.open().values().stream()
        .map(Alert::finding)
        .filter(finding -> finding.kind() == kind)
        .findFirst();
  }
}
