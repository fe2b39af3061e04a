package io.portcurfew.baseline;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * The earlier baseline, and what of it stays as it is, with its name, its reason and whatever a
 * person made of it.
 */
final class PreviousBaseline {

  private final LearningInput present;
  private final LearnableListeners sieve;
  private final Snapshot snapshot;
  private final ActiveRules rules;

  PreviousBaseline(LearningInput present, LearnableListeners sieve, Snapshot snapshot) {
    this.present = present;
    this.sieve = sieve;
    this.snapshot = snapshot;
    this.rules = new Policy(true, present.earlier()).at(snapshot.takenAt());
  }

  /** In their order. */
  List<Rule> kept() {
    return present.earlier().stream().filter(this::stays).toList();
  }

  /**
   * A rule goes where nothing listens any more that it only allows. One in force that something
   * breaks stays, and so does the finding; one that is not in force makes room for what is there.
   */
  private boolean stays(Rule rule) {
    List<Listener> about = snapshot.listeners().stream().filter(l -> isAbout(rule, l)).toList();
    return switch (rule.expect()) {
      case CLOSED -> true;
      case REQUIRED -> isInForce(rule) || about.stream().allMatch(l -> fits(rule, l));
      case ALLOWED ->
          !about.isEmpty() && (isInForce(rule) || about.stream().allMatch(l -> fits(rule, l)));
    };
  }

  private boolean isAbout(Rule rule, Listener listener) {
    return rules
        .ruleAbout(listener.endpoint())
        .or(() -> rules.ranOutBefore(listener.endpoint()))
        .filter(rule::equals)
        .isPresent();
  }

  private boolean isInForce(Rule rule) {
    return present.learnt().contains(rule);
  }

  private boolean fits(Rule rule, Listener listener) {
    return sieve.approvable.contains(listener.endpoint()) && rule.lets(listener);
  }
}
