package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.Transport;

/** An address that stands for a whole family, and a transport: what the sweep binds to. */
enum WildcardAddress {
  TCP_IPV4(Transport.TCP, false),
  TCP_IPV6(Transport.TCP, true),
  UDP_IPV4(Transport.UDP, false),
  UDP_IPV6(Transport.UDP, true);

  private final Transport transport;
  private final boolean ipv6;

  WildcardAddress(Transport transport, boolean ipv6) {
    this.transport = transport;
    this.ipv6 = ipv6;
  }

  Transport transport() {
    return transport;
  }

  boolean ipv6() {
    return ipv6;
  }

  /** The port here, as the policy knows it. */
  Endpoint endpoint(int port) {
    return new Endpoint(
        Protocol.valueOf(transport.name()), ipv6 ? Address.ANY_IPV6 : Address.ANY_IPV4, port);
  }

  @Override
  public String toString() {
    return transport.label() + " on " + (ipv6 ? "IPv6" : "IPv4");
  }
}
