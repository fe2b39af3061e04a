package io.portcurfew.baseline;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;

/**
 * The previous baseline. Kept rules stay unchanged, including names, reasons and edits of a person.
 */
final class PreviousBaseline {

  private final LearningInput input;
  private final LearnableListeners listeners;
  private final SocketLearning sockets;
  private final Snapshot snapshot;
  private final ActiveRules rules;

  PreviousBaseline(
      LearningInput input,
      LearnableListeners listeners,
      SocketLearning sockets,
      Snapshot snapshot) {
    this.input = input;
    this.listeners = listeners;
    this.sockets = sockets;
    this.snapshot = snapshot;
    this.rules = new Policy(true, input.previous()).at(snapshot.takenAt());
  }

  /** The kept rules in their order. */
  List<Rule> kept() {
    return input.previous().stream().filter(this::isKept).toList();
  }

  /**
   * Drops an allowed rule without a listener, or with an inode number or a random id. Keeps an
   * active rule that a listener violates, together with the finding. Replaces a violated rule that
   * is not active.
   */
  private boolean isKept(Rule rule) {
    if (rule.scope().isAboutSockets()) {
      return rule.expect() == Expectation.CLOSED || sockets.keeps(rule, rules, isActive(rule));
    }
    List<Listener> about = snapshot.listeners().stream().filter(l -> isAbout(rule, l)).toList();
    return switch (rule.expect()) {
      case CLOSED -> true;
      case REQUIRED -> isActive(rule) || about.stream().allMatch(l -> fits(rule, l));
      case ALLOWED ->
          StableNames.isStable(rule)
              && !about.isEmpty()
              && (isActive(rule) || about.stream().allMatch(l -> fits(rule, l)));
    };
  }

  private boolean isAbout(Rule rule, Listener listener) {
    return rules
        .ruleAbout(listener, snapshot)
        .or(() -> rules.ranOutBefore(listener, snapshot))
        .filter(rule::equals)
        .isPresent();
  }

  private boolean isActive(Rule rule) {
    return input.learned().contains(rule);
  }

  private boolean fits(Rule rule, Listener listener) {
    return listeners.approvable.contains(listener.endpoint()) && rule.lets(listener);
  }
}
