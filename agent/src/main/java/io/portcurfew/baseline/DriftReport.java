package io.portcurfew.baseline;

import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * The differences from the baseline: the findings under a denying default, and learned rules
 * without a listener. A listener that a rule allows is no difference.
 *
 * @param all one per endpoint, in order of endpoint
 * @param untested findings about facts that could not be observed
 * @param complete true if every relevant fact was observed
 */
public record DriftReport(List<Drift> all, List<Finding> untested, boolean complete) {

  public DriftReport {
    all = List.copyOf(all);
    untested = List.copyOf(untested);
  }

  /** Compares a snapshot with a policy; {@code learned} are its learned rules. */
  public static DriftReport of(
      Policy policy, List<Rule> learned, Snapshot snapshot, CrossCheck crossCheck) {
    Policy denying = new Policy(false, policy.rules());
    return new Comparison(denying, snapshot)
        .of(Judge.judge(denying, snapshot, crossCheck).findings(), learned);
  }
}
