package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes sock_diag requests for packet, raw, vsock and XDP sockets and parses the answers, without
 * I/O.
 */
final class FamilyDiag {

  /** linux/socket.h. */
  private static final int AF_PACKET = 17;

  private static final int AF_VSOCK = 40;
  private static final int AF_XDP = 44;

  /** linux/in.h. */
  private static final int IPPROTO_RAW = 255;

  // linux/packet_diag.h, struct packet_diag_req: sdiag_family u8, sdiag_protocol u8, pad u16,
  // pdiag_ino u32, pdiag_show u32, pdiag_cookie u32[2]. linux/xdp_diag.h has the same layout.
  private static final int REQ_SHOW_AT = 8;
  private static final int REQ_SIZE = 20;

  /** PACKET_SHOW_INFO, PACKET_SHOW_FANOUT and PACKET_SHOW_FILTER. */
  private static final int PACKET_SHOW = 0x01 | 0x08 | 0x20;

  /** XDP_SHOW_INFO, which includes the uid. */
  private static final int XDP_SHOW = 0x01;

  // struct packet_diag_msg: pdiag_family u8, pdiag_type u8, pdiag_num u16, pdiag_ino u32,
  // pdiag_cookie u32[2]; then attributes. struct xdp_diag_msg: the same.
  private static final int NUM_AT = 2;
  private static final int INO_AT = 4;
  private static final int COOKIE_AT = 8;
  private static final int MSG_SIZE = 16;

  /** The interface index is the first field of both PACKET_DIAG_INFO and XDP_DIAG_INFO. */
  private static final int PACKET_DIAG_INFO = 0;

  private static final int PACKET_DIAG_FANOUT = 4;
  private static final int PACKET_DIAG_UID = 5;
  private static final int PACKET_DIAG_FILTER = 7;
  private static final int XDP_DIAG_INFO = 1;
  private static final int XDP_DIAG_UID = 2;

  // linux/vm_sockets_diag.h, struct vsock_diag_req: sdiag_family u8, sdiag_protocol u8, pad u16,
  // vdiag_states u32, vdiag_ino u32, vdiag_show u32, vdiag_cookie u32[2].
  private static final int VSOCK_STATES_AT = 4;
  private static final int VSOCK_REQ_SIZE = 24;

  // struct vsock_diag_msg: vdiag_family u8, vdiag_type u8, vdiag_state u8, vdiag_shutdown u8,
  // vdiag_src_cid u32, vdiag_src_port u32, vdiag_dst_cid u32, vdiag_dst_port u32, vdiag_ino u32,
  // vdiag_cookie u32[2].
  private static final int VSOCK_TYPE_AT = 1;
  private static final int VSOCK_STATE_AT = 2;
  private static final int VSOCK_CID_AT = 4;
  private static final int VSOCK_PORT_AT = 8;
  private static final int VSOCK_INO_AT = 20;
  private static final int VSOCK_COOKIE_AT = 24;
  private static final int VSOCK_MSG_SIZE = 32;

  /** include/net/tcp_states.h, TCP_LISTEN, as vsock uses it. */
  private static final int LISTEN = 10;

  /** linux/net.h. */
  private static final int SOCK_DGRAM = 2;

  private FamilyDiag() {}

  /**
   * Writes a request for all sockets of a family.
   *
   * @param ipv6 for raw sockets, which have a table for each version of IP
   * @return the length of the request
   */
  static int dump(ByteBuffer out, SocketPlace.Family family, boolean ipv6, int sequence) {
    int body =
        switch (family) {
          case RAW -> InetDiag.REQUEST_SIZE - NetlinkMessages.HEADER;
          case VSOCK -> VSOCK_REQ_SIZE;
          default -> REQ_SIZE;
        };
    int size = NetlinkMessages.HEADER + body;
    for (int i = 0; i < size; i++) {
      out.put(i, (byte) 0);
    }
    out.putInt(NetlinkMessages.LENGTH_AT, size);
    out.putShort(NetlinkMessages.TYPE_AT, (short) InetDiag.SOCK_DIAG_BY_FAMILY);
    out.putShort(
        NetlinkMessages.FLAGS_AT,
        (short) (NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP));
    out.putInt(NetlinkMessages.SEQUENCE_AT, sequence);
    int at = NetlinkMessages.HEADER;
    switch (family) {
      case PACKET -> out.put(at, (byte) AF_PACKET).putInt(at + REQ_SHOW_AT, PACKET_SHOW);
      case XDP -> out.put(at, (byte) AF_XDP).putInt(at + REQ_SHOW_AT, XDP_SHOW);
      case VSOCK -> out.put(at, (byte) AF_VSOCK).putInt(at + VSOCK_STATES_AT, -1);
      case RAW ->
          // struct inet_diag_req_v2: family u8, protocol u8, ext u8, pad u8, states u32.
          out.put(at, (byte) (ipv6 ? InetDiag.AF_INET6 : InetDiag.AF_INET))
              .put(at + 1, (byte) IPPROTO_RAW)
              .putInt(at + 4, -1);
      default -> throw new IllegalArgumentException("sock_diag does not list " + family);
    }
    return size;
  }

  /**
   * Parses one answer.
   *
   * @return the socket; {@code null} if it takes no traffic from others
   * @throws KernelException if the answer is malformed
   */
  static @Nullable FamilySocket decode(
      ByteBuffer bytes, SocketPlace.Family family, int from, int to) throws KernelException {
    int least =
        switch (family) {
          case RAW -> InetDiag.MSG_SIZE;
          case VSOCK -> VSOCK_MSG_SIZE;
          default -> MSG_SIZE;
        };
    if (to - from < least) {
      throw new KernelException("an answer about a " + family + " socket is truncated");
    }
    return switch (family) {
      case PACKET -> packet(bytes, from, to);
      case XDP -> xdp(bytes, from, to);
      case VSOCK -> vsock(bytes, from);
      default -> raw(bytes, from);
    };
  }

  /** A socket of protocol 0 receives nothing (packet(7)). */
  private static @Nullable FamilySocket packet(ByteBuffer bytes, int from, int to)
      throws KernelException {
    int protocol = bytes.getShort(from + NUM_AT) & 0xFFFF;
    Attribute info = Attribute.find(bytes, from + MSG_SIZE, to, PACKET_DIAG_INFO);
    Attribute uid = Attribute.find(bytes, from + MSG_SIZE, to, PACKET_DIAG_UID);
    Attribute fanout = Attribute.find(bytes, from + MSG_SIZE, to, PACKET_DIAG_FANOUT);
    Attribute filter = Attribute.find(bytes, from + MSG_SIZE, to, PACKET_DIAG_FILTER);
    // Without CAP_NET_ADMIN the attribute is there and empty (sock_diag_put_filterinfo).
    Boolean filtered = filter == null ? Boolean.FALSE : filter.length() == 0 ? null : Boolean.TRUE;
    return protocol == 0
        ? null
        : new FamilySocket(
            SocketPlace.Family.PACKET,
            protocol,
            null,
            0,
            0,
            info == null ? 0 : info.number(bytes),
            inode(bytes, from + INO_AT),
            cookie(bytes, from + COOKIE_AT),
            uid == null ? HeldSocket.NO_UID : uid.number(bytes) & 0xFFFFFFFFL,
            filtered,
            fanout == null ? null : Integer.valueOf(fanout.number(bytes) & 0xFFFF));
  }

  private static FamilySocket xdp(ByteBuffer bytes, int from, int to) throws KernelException {
    Attribute info = Attribute.find(bytes, from + MSG_SIZE, to, XDP_DIAG_INFO);
    Attribute uid = Attribute.find(bytes, from + MSG_SIZE, to, XDP_DIAG_UID);
    return new FamilySocket(
        SocketPlace.Family.XDP,
        0,
        null,
        0,
        0,
        info == null ? 0 : info.number(bytes),
        inode(bytes, from + INO_AT),
        cookie(bytes, from + COOKIE_AT),
        uid == null ? HeldSocket.NO_UID : uid.number(bytes) & 0xFFFFFFFFL,
        null,
        null);
  }

  private static @Nullable FamilySocket vsock(ByteBuffer bytes, int from) {
    boolean open =
        bytes.get(from + VSOCK_STATE_AT) == LISTEN || bytes.get(from + VSOCK_TYPE_AT) == SOCK_DGRAM;
    return !open
        ? null
        : new FamilySocket(
            SocketPlace.Family.VSOCK,
            0,
            null,
            bytes.getInt(from + VSOCK_CID_AT) & 0xFFFFFFFFL,
            bytes.getInt(from + VSOCK_PORT_AT) & 0xFFFFFFFFL,
            0,
            inode(bytes, from + VSOCK_INO_AT),
            cookie(bytes, from + VSOCK_COOKIE_AT),
            HeldSocket.NO_UID,
            null,
            null);
  }

  /** The port of a raw socket is its protocol (net/ipv4/raw.c, inet_num). */
  private static FamilySocket raw(ByteBuffer bytes, int from) throws KernelException {
    KernelSocket row =
        InetDiag.decodeEveryState(bytes, Transport.UDP, from, from + InetDiag.MSG_SIZE);
    Address address = row.address();
    return new FamilySocket(
        SocketPlace.Family.RAW,
        row.port(),
        address,
        0,
        0,
        row.interfaceIndex(),
        row.inode(),
        row.cookie(),
        row.uid(),
        null,
        null);
  }

  private static long inode(ByteBuffer bytes, int at) {
    return bytes.getInt(at) & 0xFFFFFFFFL;
  }

  private static long cookie(ByteBuffer bytes, int at) {
    return (bytes.getInt(at) & 0xFFFFFFFFL) | ((long) bytes.getInt(at + 4) << 32);
  }
}
