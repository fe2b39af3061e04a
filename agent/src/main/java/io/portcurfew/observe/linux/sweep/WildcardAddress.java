package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.Transport;

/** A wildcard address with a transport: the sweep binds to each of them. */
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

  /** Returns the endpoint of a port at this address. */
  Endpoint endpoint(int port) {
    return new Endpoint(
        Protocol.valueOf(transport.name()), ipv6 ? Address.ANY_IPV6 : Address.ANY_IPV4, port);
  }

  @Override
  public String toString() {
    return transport.label() + " on " + (ipv6 ? "IPv6" : "IPv4");
  }
}
