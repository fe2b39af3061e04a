package io.portcurfew.explain;

import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decision of every rule on one endpoint, in the order of the rules.
 *
 * @param checks the terms of the deciding rule, checked against the listener
 * @param ruling the verdict on the listener; {@code null} if none was seen
 * @param findings about this endpoint
 */
public record RuleTrace(
    Endpoint endpoint,
    List<TraceStep> steps,
    List<TermCheck> checks,
    @Nullable Ruling ruling,
    List<Finding> findings) {

  public RuleTrace {
    steps = List.copyOf(steps);
    checks = List.copyOf(checks);
    findings = List.copyOf(findings);
  }

  /** The deciding rule; empty if the default applies. */
  public Optional<Rule> decides() {
    return steps.stream()
        .filter(step -> step.why() == TraceStep.Why.DECIDES)
        .map(TraceStep::rule)
        .findFirst();
  }

  /** Traces the rules for an endpoint. */
  public static RuleTrace of(
      Endpoint endpoint, Policy policy, Snapshot snapshot, Judgement judgement) {
    Listener listener =
        snapshot.listeners().stream()
            .filter(one -> one.endpoint().equals(endpoint))
            .findFirst()
            .orElse(null);
    List<TraceStep> steps = new ArrayList<>();
    Rule decided = null;
    for (Rule rule : policy.rules()) {
      TraceStep step = TraceStep.of(rule, endpoint, listener, snapshot, decided);
      decided = step.why() == TraceStep.Why.DECIDES ? rule : decided;
      steps.add(step);
    }
    return new RuleTrace(
        endpoint,
        steps,
        decided == null || listener == null ? List.of() : TermCheck.of(decided, listener),
        judgement.rulings().get(endpoint),
        judgement.findings().stream().filter(f -> endpoint.equals(f.endpoint())).toList());
  }
}
