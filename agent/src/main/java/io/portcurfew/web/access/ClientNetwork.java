package io.portcurfew.web.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The network of a client, which has one share of what is bounded: an IPv4 address, an IPv6 network
 * of 64 bits, or this host.
 *
 * @param key of letters and digits
 */
public record ClientNetwork(String key) {

  private static final int IPV6_NETWORK_BYTES = 8;

  /** Clients of this host can choose any loopback address. */
  public static ClientNetwork of(InetAddress client) {
    if (client.isLoopbackAddress()) {
      return new ClientNetwork("loopback");
    }
    byte[] bytes = client.getAddress();
    return new ClientNetwork(
        HexFormat.of()
            .formatHex(
                client instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes));
  }
}
