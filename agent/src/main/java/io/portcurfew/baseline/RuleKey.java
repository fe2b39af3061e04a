package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import java.util.Comparator;

/** The smallest scope of a rule: a port of one protocol in one network namespace. */
record RuleKey(int port, Protocol protocol, String namespace) implements Comparable<RuleKey> {

  private static final Comparator<RuleKey> ORDER =
      Comparator.comparingInt(RuleKey::port)
          .thenComparing(RuleKey::protocol)
          .thenComparing(RuleKey::namespace);

  static RuleKey of(Listener listener) {
    Endpoint at = listener.endpoint();
    return new RuleKey(at.port(), at.protocol(), at.namespace());
  }

  @Override
  public int compareTo(RuleKey other) {
    return ORDER.compare(this, other);
  }
}
