package io.portcurfew.judge;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds what a rule requires and nothing listens on. */
final class Required {

  private Required() {}

  /** A finding each port and protocol of the rule that it decides and on which nothing listens. */
  static List<Finding> missing(Rule rule, Policy policy, Snapshot snapshot) {
    return rule.protocols().stream()
        .flatMap(protocol -> endpoints(rule, protocol))
        .filter(endpoint -> policy.ruleAbout(endpoint).filter(rule::equals).isPresent())
        .filter(
            endpoint ->
                snapshot.listeners().stream()
                    .noneMatch(l -> satisfies(l.endpoint(), endpoint, rule)))
        .map(endpoint -> Findings.missing(rule, endpoint))
        .toList();
  }

  private static Stream<Endpoint> endpoints(Rule rule, Protocol protocol) {
    return rule.ports().stream()
        .flatMapToInt(Required::each)
        .distinct()
        .mapToObj(port -> new Endpoint(protocol, Address.ANY_IPV4, port, namespace(rule)));
  }

  private static IntStream each(PortRange range) {
    return IntStream.rangeClosed(range.first(), range.last());
  }

  /** A rule about any namespace is told of the host's own; a listener in any satisfies it. */
  private static String namespace(Rule rule) {
    return rule.namespace() == null ? Endpoint.HOST : rule.namespace();
  }

  private static boolean satisfies(Endpoint there, Endpoint wanted, Rule rule) {
    return there.port() == wanted.port()
        && there.protocol() == wanted.protocol()
        && rule.isAbout(there);
  }
}
