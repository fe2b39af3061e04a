package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a rule is about.
 *
 * @param ports not empty
 * @param protocols not empty
 * @param namespace the network namespace; {@code null} is any
 */
public record RuleScope(
    List<PortRange> ports, Set<Protocol> protocols, @Nullable String namespace) {

  public RuleScope {
    ports = List.copyOf(ports);
    protocols = Collections.unmodifiableSet(new TreeSet<>(protocols));
  }

  /** These ports in any network namespace. */
  public RuleScope(List<PortRange> ports, Set<Protocol> protocols) {
    this(ports, protocols, null);
  }

  /** Whether the endpoint is one of them. */
  public boolean contains(Endpoint endpoint) {
    return protocols.contains(endpoint.protocol())
        && (namespace == null || namespace.equals(endpoint.namespace()))
        && ports.stream().anyMatch(range -> range.contains(endpoint.port()));
  }

  /** Whether every endpoint of the other is one of these. */
  boolean contains(RuleScope other) {
    BitSet outside = other.allPorts();
    outside.andNot(allPorts());
    return outside.isEmpty()
        && protocols.containsAll(other.protocols)
        && (namespace == null || namespace.equals(other.namespace));
  }

  /** Whether it is about all ports there are. */
  public boolean hasEveryPort() {
    return allPorts().cardinality() == 65535;
  }

  /** Its ports, each once. */
  public BitSet allPorts() {
    BitSet all = new BitSet();
    ports.forEach(range -> all.set(range.first(), range.last() + 1));
    return all;
  }

  /** How many endpoints of one address it is about. */
  public int size() {
    return allPorts().cardinality() * protocols.size();
  }
}
