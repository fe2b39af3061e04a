package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.sweep.SweepResult;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/** The ports that known sockets occupy, so that no other socket can bind to them. */
final class OccupiedPorts {

  /** RFC 4291, 2.5.5.2: ::ffff:0:0/96. */
  private static final long MAPPED = 0xFFFFL;

  private final Map<WildcardAddress, BitSet> ports = new EnumMap<>(WildcardAddress.class);

  OccupiedPorts() {
    for (WildcardAddress wildcard : WildcardAddress.values()) {
      ports.put(wildcard, new BitSet(1 << 16));
    }
  }

  /** Adds the port of a socket in any state. */
  void add(KernelSocket socket) {
    for (WildcardAddress wildcard : WildcardAddress.values()) {
      if (holds(socket, wildcard)) {
        at(wildcard).set(socket.port());
      }
    }
  }

  /** Adds the port of a listener. */
  void add(Listener listener) {
    int port = listener.endpoint().port();
    for (WildcardAddress wildcard : WildcardAddress.values()) {
      if (SweepResult.takes(listener, wildcard.endpoint(port))) {
        at(wildcard).set(port);
      }
    }
  }

  /**
   * The rule of inet_rcv_saddr_equal in net/ipv4/inet_connection_sock.c: an IPv4 wildcard conflicts
   * with every IPv6 socket that does not refuse IPv4, whatever its address; an IPv6 wildcard that
   * refuses IPv4 conflicts with every IPv6 socket except those with a mapped address.
   */
  private static boolean holds(KernelSocket socket, WildcardAddress wildcard) {
    if (socket.transport() != wildcard.transport()) {
      return false;
    }
    if (wildcard.ipv6()) {
      boolean mapped = socket.high() == 0 && socket.low() >>> 32 == MAPPED;
      return socket.ipv6() && !mapped;
    }
    return !socket.ipv6() || !Boolean.TRUE.equals(socket.v6only());
  }

  boolean contain(WildcardAddress wildcard, int port) {
    return at(wildcard).get(port);
  }

  private BitSet at(WildcardAddress wildcard) {
    return ports.getOrDefault(wildcard, new BitSet());
  }
}
