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
 * @param period the period of the listeners; {@link LearningPeriod#NONE} for one moment
 */
public record LearningInput(
    Policy policy, List<Rule> learned, List<Rule> previous, LearningPeriod period) {

  /** Learning from one moment. */
  public LearningInput(Policy policy, List<Rule> learned, List<Rule> previous) {
    this(policy, learned, previous, LearningPeriod.NONE);
  }

  /** The same input with the listeners of a period. */
  public LearningInput during(LearningPeriod other) {
    return new LearningInput(policy, learned, previous, other);
  }

  public LearningInput {
    learned = List.copyOf(learned);
    previous = List.copyOf(previous);
  }

  /** A policy whose learned rules are the previous baseline. */
  public LearningInput(Policy policy, List<Rule> learned) {
    this(policy, learned, learned);
  }
}
