package io.portcurfew.observe.linux.kernel;

import io.portcurfew.observe.Address;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket as the kernel tells of it.
 *
 * @param high the first 8 bytes of an IPv6 address in network order; 0 for IPv4
 * @param low the last 8 bytes of an IPv6 address, or the 4 of an IPv4 address
 * @param port 0 to 65535; 0 is a UDP socket that is bound to no port
 * @param interfaceIndex the interface that it is bound to; 0 for all, as in the kernel
 * @param inode its number in sockfs, unique on the host whatever the namespace; 0 where no process
 *     can hold it
 * @param cookie its number for ever, unique until the next boot; {@code null} where the source does
 *     not tell
 * @param uid the user that made it
 * @param v6only whether an IPv6 socket refuses IPv4; {@code null} for IPv4 or where not told
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
    long waiting) {

  /** What tells this socket from every other: the cookie, or all that is known without one. */
  public Object key() {
    return cookie != null
        ? cookie
        : new KernelSocket(
            transport, ipv6, high, low, port, interfaceIndex, inode, null, uid, v6only, 0);
  }

  /** Whether the other is the same socket at the same place; queues may differ. */
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

  /** Whether both are bound to the same place, though they may be different sockets. */
  public boolean isAt(KernelSocket other) {
    return transport == other.transport
        && port == other.port
        && ipv6 == other.ipv6
        && low == other.low
        && high == other.high
        && interfaceIndex == other.interfaceIndex;
  }

  /** The address without the interface, whose name only its namespace knows. */
  public Address address() {
    ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
    if (ipv6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt((int) low);
    }
    return Address.of(bytes.array());
  }

  /** Whether an IPv6 wildcard takes IPv4 too; {@code null} where not known or not meant. */
  public @Nullable Boolean dualStack() {
    boolean wildcard = ipv6 && high == 0 && low == 0;
    if (v6only == null || !wildcard) {
      return null;
    }
    return !v6only;
  }
}
