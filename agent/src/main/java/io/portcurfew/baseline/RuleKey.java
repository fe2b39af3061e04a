package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.Protocol;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The smallest scope of a learned rule: a port of one protocol in one network namespace, or in all
 * that have no stable name. The rule about these comes last, since it selects the others too.
 */
record RuleKey(int port, Protocol protocol, String namespace) implements Comparable<RuleKey> {

  private static final Comparator<RuleKey> ORDER =
      Comparator.comparingInt(RuleKey::port)
          .thenComparing(RuleKey::protocol)
          .thenComparing(key -> key.namespace().equals(NamespaceGroup.OTHERS.label()))
          .thenComparing(key -> !key.namespace().equals(Endpoint.HOST))
          .thenComparing(RuleKey::namespace);

  static RuleKey of(Listener listener) {
    Endpoint at = listener.endpoint();
    return new RuleKey(at.port(), at.protocol(), StableNames.namespace(at.namespace()));
  }

  /** This key, and those of rules that select its endpoints too. */
  Stream<RuleKey> coveringKeys() {
    return Stream.concat(
        Stream.of(this),
        Stream.of(NamespaceGroup.values())
            .filter(group -> group.contains(namespace))
            .map(group -> new RuleKey(port, protocol, group.label())));
  }

  @Override
  public int compareTo(RuleKey other) {
    return ORDER.compare(this, other);
  }
}
