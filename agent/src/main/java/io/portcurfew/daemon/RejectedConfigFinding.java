package io.portcurfew.daemon;

import io.portcurfew.config.yaml.Problem;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.util.List;

/** Words the finding that the files were changed and are bad. */
final class RejectedConfigFinding {

  private RejectedConfigFinding() {}

  /** A warning: what was good before still guards the host. Each problem is a line of evidence. */
  static Finding finding(List<Problem> problems) {
    int count = problems.size();
    String message =
        "the changed policy or config is not loaded and the one before stays in force: "
            + (count == 1 ? "1 problem" : count + " problems, the first")
            + ": "
            + problems.get(0);
    return new Finding(
        FindingKind.POLICY_NOT_LOADED,
        Policy.DEFAULT,
        NotifySettings.of(Severity.WARNING),
        null,
        message,
        List.of(),
        problems.stream().map(Problem::toString).toList());
  }
}
