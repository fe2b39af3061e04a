package io.portcurfew.baseline;

import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * What is decided before anything is learnt.
 *
 * @param policy the policy in force
 * @param learnt those of its rules that were learnt
 * @param earlier the rules of the earlier baseline, in their order: those of the file that is
 *     written anew, else the learnt ones of the policy
 */
public record LearningInput(Policy policy, List<Rule> learnt, List<Rule> earlier) {

  public LearningInput {
    learnt = List.copyOf(learnt);
    earlier = List.copyOf(earlier);
  }

  /** A policy whose learnt rules are the earlier baseline. */
  public LearningInput(Policy policy, List<Rule> learnt) {
    this(policy, learnt, learnt);
  }
}
