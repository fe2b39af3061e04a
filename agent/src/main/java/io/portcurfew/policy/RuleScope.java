package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketPlace;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a rule selects.
 *
 * @param ports not empty, unless it is about other sockets
 * @param protocols not empty, unless it is about other sockets
 * @param namespace the network namespace, or the word of a {@link NamespaceGroup}; {@code null} is
 *     any
 * @param owners the owners of the selected listeners; empty for any, also for an unknown one
 * @param sockets the families of other sockets; a rule about them has neither ports nor protocols,
 *     and every other rule has no families
 */
public record RuleScope(
    List<PortRange> ports,
    Set<Protocol> protocols,
    @Nullable String namespace,
    List<OwnerTerm> owners,
    Set<SocketPlace.Family> sockets) {

  /** Every port, for a rule that selects by owner alone. */
  public static final List<PortRange> EVERY_PORT = List.of(new PortRange(1, 65535));

  public RuleScope {
    ports = List.copyOf(ports);
    protocols = Collections.unmodifiableSet(new TreeSet<>(protocols));
    owners = List.copyOf(owners);
    sockets = Collections.unmodifiableSet(new TreeSet<>(sockets));
  }

  /** These ports in a network namespace, with these owners. */
  public RuleScope(
      List<PortRange> ports,
      Set<Protocol> protocols,
      @Nullable String namespace,
      List<OwnerTerm> owners) {
    this(ports, protocols, namespace, owners, Set.of());
  }

  /** The same scope with the paths behind the links of executables. */
  RuleScope following(ExecutableLinks links) {
    return new RuleScope(ports, protocols, namespace, RuleTerms.following(owners, links), sockets);
  }

  /** The sockets of these families in a network namespace, with these owners. */
  public static RuleScope ofSockets(
      Set<SocketPlace.Family> families, @Nullable String namespace, List<OwnerTerm> owners) {
    return new RuleScope(List.of(), Set.of(), namespace, owners, families);
  }

  /** True if it selects sockets of other families than TCP and UDP. */
  public boolean isAboutSockets() {
    return !sockets.isEmpty();
  }

  /** True if the place is one of them; of a rule that selects by owner, if it may be. */
  public boolean contains(SocketPlace place) {
    return sockets.contains(place.family()) && NamespaceGroup.matches(namespace, place.namespace());
  }

  /** YES if the socket is one of them; UNKNOWN if an owner is not known well enough for that. */
  Trilean selects(OtherSocket socket) {
    return contains(socket.place()) ? RuleTerms.accept(owners, socket.knownOwners()) : Trilean.NO;
  }

  /** These ports in a network namespace, with any owner. */
  public RuleScope(List<PortRange> ports, Set<Protocol> protocols, @Nullable String namespace) {
    this(ports, protocols, namespace, List.of());
  }

  /** These ports in any network namespace. */
  public RuleScope(List<PortRange> ports, Set<Protocol> protocols) {
    this(ports, protocols, null);
  }

  /** True if it selects listeners by their owners. */
  public boolean selectsByOwner() {
    return !owners.isEmpty();
  }

  /** True if the endpoint is one of them; of a rule that selects by owner, if it may be. */
  public boolean contains(Endpoint endpoint) {
    return protocols.contains(endpoint.protocol())
        && NamespaceGroup.matches(namespace, endpoint.namespace())
        && ports.stream().anyMatch(range -> range.contains(endpoint.port()));
  }

  /**
   * YES if the listener is one of them. UNKNOWN if that depends on an owner that is not known well
   * enough; such a listener is not selected.
   */
  Trilean selects(Listener listener) {
    if (!contains(listener.endpoint())) {
      return Trilean.NO;
    }
    return RuleTerms.accept(owners, listener);
  }

  /** True if every endpoint of the other scope is one of these. */
  boolean contains(RuleScope other) {
    BitSet outside = other.allPorts();
    outside.andNot(allPorts());
    return outside.isEmpty()
        && protocols.containsAll(other.protocols)
        && sockets.containsAll(other.sockets)
        && (namespace == null
            || (other.namespace != null && NamespaceGroup.matches(namespace, other.namespace)));
  }

  /**
   * True if its ports are more than half of this range, and no owner selects among them. Such a
   * rule means a whole class of ports; it does not name one of them.
   */
  public boolean coversMostOf(PortRange range) {
    BitSet within = allPorts().get(range.first(), range.last() + 1);
    return !selectsByOwner() && 2 * within.cardinality() > range.last() - range.first() + 1;
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
