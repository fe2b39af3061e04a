package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds required listeners that are missing. */
final class RequiredListeners {

  private final ActiveRules rules;
  private final Snapshot snapshot;
  private final Map<Integer, List<Endpoint>> byPort;

  private RequiredListeners(ActiveRules rules, List<Rule> requiring, Snapshot snapshot) {
    BitSet ports = new BitSet();
    requiring.forEach(rule -> ports.or(rule.scope().allPorts()));
    this.rules = rules;
    this.snapshot = snapshot;
    this.byPort =
        snapshot.listeners().stream()
            .map(Listener::endpoint)
            .filter(endpoint -> ports.get(endpoint.port()))
            .collect(Collectors.groupingBy(Endpoint::port));
  }

  /** A finding for each port and protocol without a listener that a rule requires and decides. */
  static List<Finding> missing(ActiveRules rules, Snapshot snapshot) {
    List<Rule> requiring =
        rules.rules().stream().filter(rule -> rule.expect() == Expectation.REQUIRED).toList();
    if (requiring.isEmpty()) {
      return List.of();
    }
    RequiredListeners required = new RequiredListeners(rules, requiring, snapshot);
    return requiring.stream().flatMap(required::missing).toList();
  }

  private Stream<Finding> missing(Rule rule) {
    return rule.scope().protocols().stream()
        .filter(protocol -> wouldBeSeen(rule, protocol))
        .flatMap(protocol -> endpoints(rule.scope(), protocol))
        .filter(endpoint -> decides(rule, endpoint))
        .filter(endpoint -> !isThere(endpoint, rule))
        .map(endpoint -> FindingFactory.missing(rule, endpoint));
  }

  /**
   * True if the snapshot would show such a listener. A service needs a process, so a namespace
   * without one that may not be entered hides no required listener.
   */
  private boolean wouldBeSeen(Rule rule, Protocol protocol) {
    return snapshot.coversButForLimits(Set.of(protocol), rule.scope().namespace())
        && (rule.scope().namespace() == null
            || snapshot.covers(Set.of(protocol), rule.scope().namespace()));
  }

  private static Stream<Endpoint> endpoints(RuleScope scope, Protocol protocol) {
    return scope.ports().stream()
        .flatMapToInt(RequiredListeners::each)
        .distinct()
        .mapToObj(port -> new Endpoint(protocol, Address.ANY_IPV4, port, namespace(scope)));
  }

  private static IntStream each(PortRange range) {
    return IntStream.rangeClosed(range.first(), range.last());
  }

  /** For a rule about any namespace the host's own is named; a listener in any satisfies it. */
  private static String namespace(RuleScope scope) {
    String namespace = scope.namespace();
    return namespace == null ? Endpoint.HOST : namespace;
  }

  private boolean decides(Rule rule, Endpoint endpoint) {
    return rules.ruleAbout(endpoint).filter(other -> other.name().equals(rule.name())).isPresent();
  }

  private boolean isThere(Endpoint wanted, Rule rule) {
    return byPort.getOrDefault(wanted.port(), List.of()).stream()
        .anyMatch(there -> there.protocol() == wanted.protocol() && rule.isAbout(there));
  }
}
