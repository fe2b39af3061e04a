package io.portcurfew.daemon;

import io.portcurfew.config.yaml.Problem;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import io.portcurfew.text.CountedNoun;
import java.util.List;

/** Makes the finding for changed files that are invalid. */
final class RejectedConfigFinding {

  private RejectedConfigFinding() {}

  /** A warning, because the previous policy still protects the host. Each problem is evidence. */
  static Finding finding(List<Problem> problems) {
    int count = problems.size();
    String message =
        "the changed policy or config is invalid; the previous one stays active: "
            + CountedNoun.of(count, "problem")
            + (count == 1 ? "" : ", the first")
            + ": "
            + problems.get(0);
    return Finding.ofHost(
        AgentCondition.POLICY_NOT_LOADED,
        Policy.DEFAULT,
        NotifySettings.of(Severity.WARNING),
        message,
        problems.stream().map(Problem::toString).toList());
  }
}
