package io.portcurfew.baseline;

import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * What differs now from the baseline: what the judge would say were the default to deny, and what
 * was learnt and listens no more. What a rule still allows is no difference.
 *
 * @param all in order of endpoint, one an endpoint
 * @param untested what the terms of a rule ask of and could not be seen
 * @param complete whether all that matters was seen
 */
public record DriftReport(List<Drift> all, List<Finding> untested, boolean complete) {

  public DriftReport {
    all = List.copyOf(all);
    untested = List.copyOf(untested);
  }

  /** Compares a snapshot with the policy of which these rules were learnt. */
  public static DriftReport of(
      Policy policy, List<Rule> learnt, Snapshot snapshot, CrossCheck compared) {
    Policy denying = new Policy(false, policy.rules());
    return new Comparison(denying, snapshot)
        .of(Judge.judge(denying, snapshot, compared).findings(), learnt);
  }
}
