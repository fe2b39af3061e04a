package io.portcurfew.observe;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a socket of another family: never a pid, an inode or an order.
 *
 * @param protocol the protocol that it takes, as in {@code all}, {@code ip} or {@code icmp}; of a
 *     BPF program its hook, as in {@code xdp}; of tc its action; {@code null} if its family has
 *     none
 * @param address the address that it is bound to; {@code null} if its family has none
 * @param port the port that it is bound to, of 32 bits for vsock; {@code null} if it has none
 * @param device the interface that it is bound to; {@code null} for all
 * @param namespace the network namespace: {@link Endpoint#HOST} or a name of its own
 */
public record SocketPlace(
    Family family,
    @Nullable String protocol,
    @Nullable String address,
    @Nullable Long port,
    @Nullable String device,
    String namespace)
    implements Comparable<SocketPlace>, TrafficPlace {

  /** A family of sockets that take traffic beside the ports of TCP and UDP. */
  public enum Family {
    /** All frames of an interface, or those of one protocol (packet(7)). */
    PACKET,
    /** IP packets of one protocol (raw(7)). */
    RAW,
    /** Traffic of a virtual machine and its host (vsock(7)). */
    VSOCK,
    /** Frames that an XDP program hands over (Documentation/networking/af_xdp.rst). */
    XDP,
    /** A network interface whose traffic a process takes (Documentation/networking/tuntap.rst). */
    TUN,
    /** Ports of SCTP (RFC 9260). */
    SCTP,
    /** Ports of UDP-Lite (RFC 3828). */
    UDPLITE,
    /** A BPF program that sees packets before sockets do (Documentation/bpf). */
    BPF,
    /** An action of a tc filter that redirects packets (tc-actions(8)). */
    TC;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in policies, JSON and text. */
    public String label() {
      return label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private static final Comparator<String> TEXT = Comparator.nullsFirst(Comparator.naturalOrder());

  private static final Comparator<SocketPlace> ORDER =
      Comparator.comparing(SocketPlace::family)
          .thenComparing(SocketPlace::namespace)
          .thenComparing(SocketPlace::port, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(SocketPlace::protocol, TEXT)
          .thenComparing(SocketPlace::address, TEXT)
          .thenComparing(SocketPlace::device, TEXT);

  /**
   * Writes it in one line, as in {@code packet ip on eth0} or {@code sctp 0.0.0.0:36412 in web}.
   */
  @Override
  public String toString() {
    return family
        + (protocol == null ? "" : " " + protocol)
        + (address == null ? "" : " " + address)
        + (port == null ? "" : (address == null ? " " : ":") + port)
        + (device == null ? "" : " on " + device)
        + (namespace.equals(Endpoint.HOST) ? "" : " in " + namespace);
  }

  @Override
  public int compareTo(SocketPlace other) {
    return ORDER.compare(this, other);
  }
}
