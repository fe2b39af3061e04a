package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a listener: never a pid, an inode or an order.
 *
 * @param port 1 to 65535
 * @param namespace the network namespace: {@link #HOST} or a name of its own
 */
public record Endpoint(Protocol protocol, Address address, int port, String namespace)
    implements Comparable<Endpoint>, TrafficPlace {

  /** The network namespace that the agent runs in. */
  public static final String HOST = "host";

  /** Numbers have no leading zeros, because some readers take those for octal. */
  private static final Pattern FORM =
      Pattern.compile(
          "(tcp|udp) ("
              + "\\[[0-9A-Fa-f:.]+(?:%[^\\s%\\]]+)?\\](?:%[^\\s%:]+)?"
              + "|(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}(?:%[^\\s%:]+)?"
              + "):([1-9][0-9]{0,4})(?: in (\\S.*))?");

  private static final Comparator<Endpoint> AT_ONE_PORT =
      Comparator.comparing(Endpoint::protocol)
          .thenComparing(Endpoint::address)
          .thenComparing(Endpoint::namespace);

  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port out of range (1 to 65535): " + port);
    }
  }

  /** Creates an endpoint of the host's own namespace. */
  public Endpoint(Protocol protocol, Address address, int port) {
    this(protocol, address, port, HOST);
  }

  /**
   * Parses the form that {@link #toString} writes.
   *
   * @return empty if the text is no endpoint
   */
  public static Optional<Endpoint> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > 65535) {
      return Optional.empty();
    }
    Protocol protocol = form.group(1).equals("tcp") ? Protocol.TCP : Protocol.UDP;
    int port = Integer.parseInt(form.group(3));
    String namespace = form.group(4) == null ? HOST : form.group(4);
    return Address.parse(form.group(2))
        .map(address -> new Endpoint(protocol, address, port, namespace));
  }

  /** Writes it in one line, as in {@code tcp [::1]:611} or {@code udp 0.0.0.0:53 in web}. */
  @Override
  public String toString() {
    String host = address.isIpv6() ? "[" + address + "]" : address.toString();
    return protocol + " " + host + ":" + port + (namespace.equals(HOST) ? "" : " in " + namespace);
  }

  // By hand, since the start compares endpoints: see FileStatus.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint endpoint
        && port == endpoint.port
        && protocol == endpoint.protocol
        && address.equals(endpoint.address)
        && namespace.equals(endpoint.namespace);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * (31 * port + protocol.hashCode()) + address.hashCode())
        + namespace.hashCode();
  }

  @Override
  public int compareTo(Endpoint other) {
    // The port comes first and needs no comparator: each look sorts thousands of endpoints.
    int byPort = Integer.compare(port, other.port);
    return byPort != 0 ? byPort : AT_ONE_PORT.compare(this, other);
  }
}
