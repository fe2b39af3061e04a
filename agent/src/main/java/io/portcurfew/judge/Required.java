package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds what rules require and nothing listens on. */
final class Required {

  private final RulesInForce rules;
  private final Map<Integer, List<Endpoint>> byPort;

  private Required(RulesInForce rules, List<Rule> requiring, Snapshot snapshot) {
    BitSet ports = new BitSet();
    requiring.forEach(rule -> ports.or(rule.scope().allPorts()));
    this.rules = rules;
    this.byPort =
        snapshot.listeners().stream()
            .map(Listener::endpoint)
            .filter(endpoint -> ports.get(endpoint.port()))
            .collect(Collectors.groupingBy(Endpoint::port));
  }

  /**
   * A finding each port and protocol of a requiring rule that it decides and on which nothing
   * listens.
   */
  static List<Finding> missing(RulesInForce rules, Snapshot snapshot) {
    List<Rule> requiring =
        rules.rules().stream().filter(rule -> rule.expect() == Expect.REQUIRED).toList();
    if (requiring.isEmpty()) {
      return List.of();
    }
    Required required = new Required(rules, requiring, snapshot);
    return requiring.stream().flatMap(required::missing).toList();
  }

  private Stream<Finding> missing(Rule rule) {
    return rule.scope().protocols().stream()
        .flatMap(protocol -> endpoints(rule.scope(), protocol))
        .filter(endpoint -> decides(rule, endpoint))
        .filter(endpoint -> !isThere(endpoint, rule))
        .map(endpoint -> Findings.missing(rule, endpoint));
  }

  private static Stream<Endpoint> endpoints(Scope scope, Protocol protocol) {
    return scope.ports().stream()
        .flatMapToInt(Required::each)
        .distinct()
        .mapToObj(port -> new Endpoint(protocol, Address.ANY_IPV4, port, namespace(scope)));
  }

  private static IntStream each(PortRange range) {
    return IntStream.rangeClosed(range.first(), range.last());
  }

  /** A rule about any namespace is told of the host's own; a listener in any satisfies it. */
  private static String namespace(Scope scope) {
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
