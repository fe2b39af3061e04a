package io.portcurfew.baseline;

import io.portcurfew.baseline.Drift.DriftKind;
import io.portcurfew.judge.CrossCheck;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Judge;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares a snapshot with the baseline: findings, and learned rules without a listener. */
public final class Comparison {

  /** A rule with more ports than these is missing only as a whole. */
  private static final int MOST_PORTS = 64;

  private final ActiveRules rules;
  private final Snapshot snapshot;
  private final Map<Endpoint, Listener> listeners;
  private final List<Drift> differences = new ArrayList<>();
  private final List<Finding> untested = new ArrayList<>();

  private Comparison(Policy policy, Snapshot snapshot) {
    this.rules = policy.at(snapshot.takenAt());
    this.snapshot = snapshot;
    this.listeners =
        snapshot.listeners().stream()
            .collect(Collectors.toMap(Listener::endpoint, Function.identity()));
  }

  /**
   * The drift of a snapshot.
   *
   * @param policy its default does not matter: whatever no rule names has drifted
   * @param learned those of its rules that were learned
   */
  public static DriftReport drift(
      Policy policy, List<Rule> learned, Snapshot snapshot, CrossCheck compared) {
    Policy denying = new Policy(false, policy.rules());
    return new Comparison(denying, snapshot)
        .report(Judge.judge(denying, snapshot, compared).findings(), learned);
  }

  private DriftReport report(List<Finding> findings, List<Rule> learned) {
    SocketComparison sockets = new SocketComparison(rules, learned, snapshot);
    findings.forEach(this::add);
    findings.stream()
        .filter(finding -> finding.socket() != null && sockets.isUntested(finding))
        .forEach(untested::add);
    if (snapshot.complete()) {
      learned.stream().filter(this::mayBeMissed).forEach(this::addMissing);
    }
    return new DriftReport(
        differences.stream().sorted().distinct().toList(),
        sockets.drifts(findings),
        untested,
        snapshot.complete() && untested.isEmpty());
  }

  private void add(Finding finding) {
    Endpoint at = finding.endpoint();
    if (at == null) {
      return;
    }
    DriftKind change = change(finding, listeners.get(at));
    if (change != null) {
      add(change, at);
    } else if (!finding.kind().isBreach()) {
      untested.add(finding);
    }
  }

  /** A listener that is only hidden is no difference; scan reports that it is hidden. */
  private static @Nullable DriftKind change(Finding finding, @Nullable Listener is) {
    return switch ((FindingKind) finding.kind()) {
      case OPEN, UNLISTED -> DriftKind.OPENED;
      case EXPOSED, WRONG_OWNER -> DriftKind.CHANGED;
      case MISSING -> DriftKind.MISSING;
      case HIDDEN -> is == null ? DriftKind.OPENED : null;
      case OWNER_UNKNOWN -> is != null && hasOtherFile(is) ? DriftKind.CHANGED : null;
      case REPLACED, BLIND -> null;
    };
  }

  /** A replaced executable is a change, although its path may be the same. */
  private static boolean hasOtherFile(Listener listener) {
    return listener.owners().stream().anyMatch(OwnerTerms::hasLostItsFile);
  }

  private void add(DriftKind change, Endpoint at) {
    Listener is = listeners.get(at);
    Optional<Rule> rule = is == null ? rules.ruleAbout(at) : rules.ruleAbout(is, snapshot);
    differences.add(new Drift(change, at, rule.orElse(null), is));
  }

  /**
   * Required endpoints are excluded, because the judge already finds missing ones, and so are rules
   * that select by owner, because they expect no port.
   */
  private boolean mayBeMissed(Rule rule) {
    return rule.expect() == Expectation.ALLOWED
        && !rule.scope().selectsByOwner()
        && rules.rules().stream().anyMatch(other -> isNamed(rule, other));
  }

  /** A rule of the policy may follow links of this host that the learned one does not know. */
  private static boolean isNamed(Rule learned, Rule other) {
    return learned.name().equals(other.name());
  }

  private void addMissing(Rule rule) {
    BitSet free = rule.scope().allPorts();
    int all = free.cardinality();
    listeners.keySet().stream().filter(rule::isAbout).forEach(at -> free.clear(at.port()));
    if (all > MOST_PORTS) {
      free.clear(free.cardinality() == all ? free.nextSetBit(0) + 1 : 0, free.length());
    }
    free.stream()
        .mapToObj(port -> endpoint(rule, port))
        .filter(at -> rules.ruleAbout(at).filter(other -> isNamed(rule, other)).isPresent())
        .forEach(at -> add(DriftKind.MISSING, at));
  }

  /** One listener satisfies a rule for both protocols, so only the first protocol is reported. */
  private static Endpoint endpoint(Rule rule, int port) {
    String namespace = rule.scope().namespace();
    return new Endpoint(
        rule.scope().protocols().iterator().next(),
        Address.ANY_IPV4,
        port,
        namespace == null ? Endpoint.HOST : namespace);
  }
}
