package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A socket that has closed, as sock_diag announces it to the members of its groups.
 *
 * @param port its local port; 0 if it had none
 * @param cookie the number of the socket, which no other one of this boot has
 * @param hadNoPeer true if it was not connected: it listened, took datagrams, or was only bound
 */
public record DestroyedSocket(
    Protocol protocol, Address address, int port, boolean hadNoPeer, long cookie) {

  /** linux/inet_diag.h: u8, the number of the protocol. */
  private static final int INET_DIAG_PROTOCOL = 10;

  private static final int IPPROTO_TCP = 6;
  private static final int IPPROTO_UDP = 17;

  // Places in struct inet_diag_msg: family u8; sport be16, dport be16, src, dst; interface u32;
  // cookie u64 at 44.
  private static final int FAMILY_AT = 0;
  private static final int SPORT_AT = 4;
  private static final int DPORT_AT = 6;
  private static final int SRC_AT = 8;
  private static final int COOKIE_AT = 44;

  /** True for TCP. */
  public boolean isTcp() {
    return protocol == Protocol.TCP;
  }

  /**
   * Reads one announcement.
   *
   * @return {@code null} if it is about another protocol, or the bytes are no announcement
   */
  public static @Nullable DestroyedSocket read(ByteBuffer bytes, int length) {
    int from = NetlinkMessages.HEADER;
    if (length < from + InetDiag.MSG_SIZE) {
      return null;
    }
    int type = bytes.getShort(NetlinkMessages.TYPE_AT) & 0xFFFF;
    int family = bytes.get(from + FAMILY_AT);
    boolean ipv6 = family == InetDiag.AF_INET6;
    int number = protocol(bytes, from + InetDiag.MSG_SIZE, length);
    boolean known = number == IPPROTO_TCP || number == IPPROTO_UDP;
    if (type != InetDiag.SOCK_DIAG_BY_FAMILY || !known || (!ipv6 && family != InetDiag.AF_INET)) {
      return null;
    }
    byte[] address = new byte[ipv6 ? 16 : 4];
    bytes.get(from + SRC_AT, address);
    return new DestroyedSocket(
        number == IPPROTO_TCP ? Protocol.TCP : Protocol.UDP,
        Address.of(address),
        port(bytes, from + SPORT_AT),
        port(bytes, from + DPORT_AT) == 0,
        bytes.getLong(from + COOKIE_AT));
  }

  private static int port(ByteBuffer bytes, int at) {
    return (bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF);
  }

  private static int protocol(ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at + NetlinkMessages.ATTRIBUTE_HEADER <= to) {
      int length = bytes.getShort(at) & 0xFFFF;
      if (length < NetlinkMessages.ATTRIBUTE_HEADER || length > to - at) {
        return 0;
      }
      if (bytes.getShort(at + 2) == INET_DIAG_PROTOCOL
          && length > NetlinkMessages.ATTRIBUTE_HEADER) {
        return bytes.get(at + NetlinkMessages.ATTRIBUTE_HEADER) & 0xFF;
      }
      at += NetlinkMessages.align(length);
    }
    return 0;
  }
}
