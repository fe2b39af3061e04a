package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Address;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket as the kernel reports it.
 *
 * @param high the first 8 bytes of an IPv6 address in network order; 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address, or the 4 of an IPv4 address
 * @param port 0 to 65535; 0 for a UDP socket that is bound to no port
 * @param interfaceIndex the interface that it is bound to; 0 for all, as in the kernel
 * @param inode its number in sockfs, unique on the host across namespaces; 0 if no process can hold
 *     it
 * @param cookie its permanent number, unique until the next boot; {@code null} if the source does
 *     not report it
 * @param uid the user id of its creator
 * @param v6only true if an IPv6 socket refuses IPv4; {@code null} for IPv4 or if not reported
 * @param waiting TCP: connections waiting to be accepted; UDP: bytes waiting to be read
 */
public record KernelSocket(
    Transport transport,
    boolean ipv6,
    long high,
    long low,
    int port,
    int interfaceIndex,
    long inode,
    @Nullable Long cookie,
    long uid,
    @Nullable Boolean v6only,
    long waiting)
    implements HeldSocket {

  /** Returns the identity of this socket: the cookie or, without one, all other fields. */
  public Object key() {
    return cookie != null
        ? cookie
        : new KernelSocket(
            transport, ipv6, high, low, port, interfaceIndex, inode, null, uid, v6only, 0);
  }

  /** Returns true if the other is the same socket with the same address; queues may differ. */
  public boolean isStill(KernelSocket other) {
    return inode == other.inode
        && port == other.port
        && low == other.low
        && high == other.high
        && ipv6 == other.ipv6
        && transport == other.transport
        && interfaceIndex == other.interfaceIndex
        && uid == other.uid
        && Objects.equals(cookie, other.cookie)
        && Objects.equals(v6only, other.v6only);
  }

  /** Returns true if both are bound to the same address and port; they may be different sockets. */
  public boolean isAt(KernelSocket other) {
    return transport == other.transport
        && port == other.port
        && ipv6 == other.ipv6
        && low == other.low
        && high == other.high
        && interfaceIndex == other.interfaceIndex;
  }

  /** Returns the address without the interface, whose name only its namespace knows. */
  public Address address() {
    ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
    if (ipv6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt((int) low);
    }
    return Address.of(bytes.array());
  }

  /**
   * Returns true if an IPv6 wildcard takes IPv4 too; {@code null} if unknown or no IPv6 wildcard.
   */
  public @Nullable Boolean dualStack() {
    boolean wildcard = ipv6 && high == 0 && low == 0;
    if (v6only == null || !wildcard) {
      return null;
    }
    return !v6only;
  }
}
