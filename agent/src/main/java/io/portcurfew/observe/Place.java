package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that a {@link Gap} covers; a {@code null} component matches any value.
 *
 * @param namespace the network namespace
 * @param family the family of the address: IPv6 sockets may take IPv4 traffic too
 */
public record Place(
    @Nullable String namespace, @Nullable Protocol protocol, @Nullable AddressFamily family)
    implements Comparable<Place> {

  /** Every endpoint. */
  public static final Place ANYWHERE = new Place(null, null, null);

  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::namespace, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Place::protocol, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Place::family, Comparator.nullsFirst(Comparator.naturalOrder()));

  /** An address family. */
  public enum AddressFamily {
    IPV4("ipv4"),
    IPV6("ipv6");

    private final String label;

    AddressFamily(String label) {
      this.label = label;
    }

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /** Covers one whole namespace. */
  public static Place in(String namespace) {
    return new Place(namespace, null, null);
  }

  /** Returns this place limited to a namespace. */
  public Place within(String other) {
    return new Place(other, protocol, family);
  }

  boolean contains(Endpoint endpoint) {
    AddressFamily its = endpoint.address().isIpv6() ? AddressFamily.IPV6 : AddressFamily.IPV4;
    return (namespace == null || namespace.equals(endpoint.namespace()))
        && (protocol == null || protocol == endpoint.protocol())
        && (family == null || family == its);
  }

  /**
   * Returns true if it holds an endpoint of these protocols; the namespace is as in a rule, and
   * {@code null} is any.
   */
  boolean meets(Set<Protocol> protocols, @Nullable String other) {
    return (namespace == null || NamespaceGroup.matches(other, namespace))
        && (protocol == null || protocols.contains(protocol));
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
