package io.portcurfew.baseline;

import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * The input of learning.
 *
 * @param policy the current policy
 * @param learned its learned rules
 * @param previous the rules of the previous baseline, in their order: from the file to overwrite,
 *     or else the learned rules of the policy
 */
public record LearningInput(Policy policy, List<Rule> learned, List<Rule> previous) {

  public LearningInput {
    learned = List.copyOf(learned);
    previous = List.copyOf(previous);
  }

  /** A policy whose learned rules are the previous baseline. */
  public LearningInput(Policy policy, List<Rule> learned) {
    this(policy, learned, learned);
  }
}
