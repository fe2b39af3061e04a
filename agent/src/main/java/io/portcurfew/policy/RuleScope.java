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
 * The endpoints that a rule selects.
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

  /** True if the endpoint is one of them. */
  public boolean contains(Endpoint endpoint) {
    return protocols.contains(endpoint.protocol())
        && (namespace == null || namespace.equals(endpoint.namespace()))
        && ports.stream().anyMatch(range -> range.contains(endpoint.port()));
  }

  /** True if every endpoint of the other scope is one of these. */
  boolean contains(RuleScope other) {
    BitSet outside = other.allPorts();
    outside.andNot(allPorts());
    return outside.isEmpty()
        && protocols.containsAll(other.protocols)
        && (namespace == null || namespace.equals(other.namespace));
  }

  /** True if it has all ports. */
  public boolean hasEveryPort() {
    return allPorts().cardinality() == 65535;
  }

  /** Its ports, each once. */
  public BitSet allPorts() {
    BitSet all = new BitSet();
    ports.forEach(range -> all.set(range.first(), range.last() + 1));
    return all;
  }

  /** The number of its endpoints for one address. */
  public int size() {
    return allPorts().cardinality() * protocols.size();
  }
}
