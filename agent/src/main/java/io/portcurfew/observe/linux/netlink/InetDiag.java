package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes inet_diag requests and parses the answers, without I/O. */
public final class InetDiag {

  /** linux/sock_diag.h: the type of requests and of answers. */
  static final int SOCK_DIAG_BY_FAMILY = 20;

  /**
   * linux/inet_diag.h: the type of requests about TCP before Linux 3.3, and of their answers. They
   * are of both families (inet_diag_dump_compat in net/ipv4/inet_diag.c).
   */
  static final int TCPDIAG_GETSOCK = 18;

  /** linux/socket.h: the address family of IPv4. */
  public static final int AF_INET = 2;

  /** linux/socket.h: the address family of IPv6. */
  public static final int AF_INET6 = 10;

  // linux/inet_diag.h, struct inet_diag_req_v2: sdiag_family u8, sdiag_protocol u8, idiag_ext u8,
  // pad u8, idiag_states u32, id.
  private static final int REQ_FAMILY_AT = 0;
  private static final int REQ_PROTOCOL_AT = 1;
  private static final int REQ_STATES_AT = 4;
  private static final int REQ_ID_AT = 8;

  // linux/inet_diag.h, struct inet_diag_req: idiag_family u8, idiag_src_len u8, idiag_dst_len u8,
  // idiag_ext u8, id, idiag_states u32, idiag_dbs u32.
  private static final int TCP_STATES_AT = 52;

  // linux/inet_diag.h, struct inet_diag_sockid: idiag_sport be16, idiag_dport be16, idiag_src
  // be32[4], idiag_dst be32[4], idiag_if u32, idiag_cookie u32[2].
  private static final int ID_SPORT_AT = 0;
  private static final int ID_DPORT_AT = 2;
  private static final int ID_SRC_AT = 4;
  private static final int ID_DST_AT = 20;
  private static final int ID_IF_AT = 36;
  private static final int ID_COOKIE_AT = 40;
  private static final int ID_SIZE = 48;

  // linux/inet_diag.h, struct inet_diag_msg: idiag_family u8, idiag_state u8, idiag_timer u8,
  // idiag_retrans u8, id, idiag_expires u32, idiag_rqueue u32, idiag_wqueue u32, idiag_uid u32,
  // idiag_inode u32; then attributes.
  private static final int MSG_FAMILY_AT = 0;
  private static final int MSG_STATE_AT = 1;
  private static final int MSG_ID_AT = 4;
  private static final int MSG_RQUEUE_AT = 56;
  private static final int MSG_UID_AT = 64;
  private static final int MSG_INODE_AT = 68;

  /** include/net/tcp_states.h: TCP_ESTABLISHED. */
  private static final int ESTABLISHED = 1;

  /** sizeof(struct inet_diag_msg). */
  static final int MSG_SIZE = 72;

  /** linux/inet_diag.h: u8, 1 if the socket accepts IPv6 only; since about Linux 4.10. */
  static final int INET_DIAG_SKV6ONLY = 11;

  /** linux/inet_diag.h, INET_DIAG_NOCOOKIE in both halves: any socket at that address. */
  private static final long NO_COOKIE = -1L;

  /** The size of a request with its header. */
  static final int REQUEST_SIZE = NetlinkMessages.HEADER + REQ_ID_AT + ID_SIZE;

  /** The size of a request about TCP over both families with its header. */
  static final int TCP_REQUEST_SIZE = NetlinkMessages.HEADER + TCP_STATES_AT + 8;

  private InetDiag() {}

  /**
   * Writes a request for all listening sockets.
   *
   * @param out a buffer in native byte order with at least {@link #REQUEST_SIZE} bytes
   */
  static void dump(ByteBuffer out, Transport transport, boolean ipv6, int sequence) {
    header(
        out,
        NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP,
        transport,
        ipv6,
        1 << transport.state(),
        sequence);
  }

  /**
   * Writes a request for all listening sockets of TCP over both address families.
   *
   * @param out a buffer in native byte order with at least {@link #TCP_REQUEST_SIZE} bytes
   */
  static void dumpTcp(ByteBuffer out, int sequence) {
    int flags = NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP;
    header(out, TCP_REQUEST_SIZE, TCPDIAG_GETSOCK, flags, sequence);
    out.putInt(NetlinkMessages.HEADER + TCP_STATES_AT, 1 << Transport.TCP.state());
  }

  /**
   * Writes a request for the listening sockets at one port.
   *
   * @param port the local port
   */
  static void dumpListening(
      ByteBuffer out, Transport transport, boolean ipv6, int port, int sequence) {
    dump(out, transport, ipv6, sequence);
    NetworkOrder.putShort(out, NetlinkMessages.HEADER + REQ_ID_AT + ID_SPORT_AT, port);
  }

  /**
   * Writes a request for all sockets that have a port, in every state of linux/tcp_states.h. Since
   * Linux 6.8 this includes TCP_BOUND_INACTIVE (13) for sockets that are only bound.
   *
   * @param port the local port; 0 for all ports
   */
  static void dumpEveryState(
      ByteBuffer out, Transport transport, boolean ipv6, int port, int sequence) {
    int flags = NetlinkMessages.NLM_F_REQUEST | NetlinkMessages.NLM_F_DUMP;
    header(out, flags, transport, ipv6, -1, sequence);
    NetworkOrder.putShort(out, NetlinkMessages.HEADER + REQ_ID_AT + ID_SPORT_AT, port);
  }

  /**
   * Writes a request for one socket by its address and port.
   *
   * @param swapped true to send them as the destination, which UDP expects (udp_dump_one in
   *     net/ipv4/udp_diag.c; measured on Linux 6.18); TCP expects them as the source
   * @param exact true if the cookie must match
   */
  static void single(
      ByteBuffer out, KernelSocket socket, boolean swapped, boolean exact, int sequence) {
    header(out, NetlinkMessages.NLM_F_REQUEST, socket.transport(), socket.ipv6(), -1, sequence);
    int id = NetlinkMessages.HEADER + REQ_ID_AT;
    NetworkOrder.putShort(out, id + (swapped ? ID_DPORT_AT : ID_SPORT_AT), socket.port());
    int address = id + (swapped ? ID_DST_AT : ID_SRC_AT);
    if (socket.ipv6()) {
      NetworkOrder.putLong(out, address, socket.high());
      NetworkOrder.putLong(out, address + 8, socket.low());
    } else {
      NetworkOrder.putLong(out, address, socket.low() << 32);
    }
    out.putInt(id + ID_IF_AT, socket.interfaceIndex());
    Long cookie = exact ? socket.cookie() : null;
    long wanted = cookie == null ? NO_COOKIE : cookie;
    out.putInt(id + ID_COOKIE_AT, (int) wanted);
    out.putInt(id + ID_COOKIE_AT + 4, (int) (wanted >>> 32));
  }

  /**
   * Writes a request for one established TCP connection (inet_diag_find_one_icsk in
   * net/ipv4/inet_diag.c): the socket that has the first address, connected to the second.
   */
  static void connection(
      ByteBuffer out, InetSocketAddress local, InetSocketAddress remote, int sequence) {
    boolean ipv6 = local.getAddress() instanceof Inet6Address;
    header(out, NetlinkMessages.NLM_F_REQUEST, Transport.TCP, ipv6, -1, sequence);
    int id = NetlinkMessages.HEADER + REQ_ID_AT;
    NetworkOrder.putShort(out, id + ID_SPORT_AT, local.getPort());
    NetworkOrder.putShort(out, id + ID_DPORT_AT, remote.getPort());
    NetworkOrder.putBytes(out, id + ID_SRC_AT, local.getAddress().getAddress());
    NetworkOrder.putBytes(out, id + ID_DST_AT, remote.getAddress().getAddress());
    out.putInt(id + ID_COOKIE_AT, (int) NO_COOKIE);
    out.putInt(id + ID_COOKIE_AT + 4, (int) NO_COOKIE);
  }

  /**
   * Reads the user from an answer about a connection.
   *
   * @return {@code null} if the socket is not established, or is between other ports
   * @throws KernelException if the bytes are no such answer
   */
  static @Nullable Long userOf(
      ByteBuffer bytes, int from, int to, InetSocketAddress local, InetSocketAddress remote)
      throws KernelException {
    check(bytes, from, to);
    int id = from + MSG_ID_AT;
    boolean same =
        bytes.get(from + MSG_STATE_AT) == ESTABLISHED
            && NetworkOrder.getShort(bytes, id + ID_SPORT_AT) == local.getPort()
            && NetworkOrder.getShort(bytes, id + ID_DPORT_AT) == remote.getPort();
    return same ? bytes.getInt(from + MSG_UID_AT) & 0xFFFFFFFFL : null;
  }

  private static void header(
      ByteBuffer out, int flags, Transport transport, boolean ipv6, int states, int sequence) {
    header(out, REQUEST_SIZE, SOCK_DIAG_BY_FAMILY, flags, sequence);
    out.put(NetlinkMessages.HEADER + REQ_FAMILY_AT, (byte) (ipv6 ? AF_INET6 : AF_INET));
    out.put(NetlinkMessages.HEADER + REQ_PROTOCOL_AT, (byte) transport.number());
    out.putInt(NetlinkMessages.HEADER + REQ_STATES_AT, states);
  }

  /** Writes the header of netlink, and nothing but zeros after it. */
  private static void header(ByteBuffer out, int size, int type, int flags, int sequence) {
    for (int i = 0; i < size; i++) {
      out.put(i, (byte) 0);
    }
    out.putInt(NetlinkMessages.LENGTH_AT, size);
    out.putShort(NetlinkMessages.TYPE_AT, (short) type);
    out.putShort(NetlinkMessages.FLAGS_AT, (short) flags);
    out.putInt(NetlinkMessages.SEQUENCE_AT, sequence);
  }

  /** Returns a sink that adds each listening socket of an answer. */
  static NetlinkMessages.MessageSink into(Consumer<KernelSocket> rows, Transport transport) {
    return (bytes, type, from, to) -> {
      boolean isSocket = type == SOCK_DIAG_BY_FAMILY || type == TCPDIAG_GETSOCK;
      KernelSocket socket = isSocket ? decode(bytes, transport, from, to) : null;
      if (socket != null) {
        rows.accept(socket);
      }
    };
  }

  /**
   * Parses one answer.
   *
   * @return the socket; {@code null} if it does not listen
   * @throws KernelException if the answer is malformed
   */
  static @Nullable KernelSocket decode(ByteBuffer bytes, Transport transport, int from, int to)
      throws KernelException {
    check(bytes, from, to);
    boolean listens = bytes.get(from + MSG_STATE_AT) == transport.state();
    return listens ? socket(bytes, transport, from, to) : null;
  }

  /**
   * Parses one answer about a socket in any state.
   *
   * @throws KernelException if the answer is malformed
   */
  static KernelSocket decodeEveryState(ByteBuffer bytes, Transport transport, int from, int to)
      throws KernelException {
    check(bytes, from, to);
    return socket(bytes, transport, from, to);
  }

  private static void check(ByteBuffer bytes, int from, int to) throws KernelException {
    if (to - from < MSG_SIZE) {
      throw new KernelException("an answer about a socket is truncated");
    }
    int family = bytes.get(from + MSG_FAMILY_AT);
    if (family != AF_INET && family != AF_INET6) {
      throw new KernelException("an answer is about a socket of another address family");
    }
  }

  private static KernelSocket socket(ByteBuffer bytes, Transport transport, int from, int to)
      throws KernelException {
    boolean ipv6 = bytes.get(from + MSG_FAMILY_AT) == AF_INET6;
    int id = from + MSG_ID_AT;
    long low = bytes.getInt(id + ID_COOKIE_AT) & 0xFFFFFFFFL;
    long cookie = low | ((long) bytes.getInt(id + ID_COOKIE_AT + 4) << 32);
    return new KernelSocket(
        transport,
        ipv6,
        ipv6 ? NetworkOrder.getLong(bytes, id + ID_SRC_AT) : 0,
        ipv6
            ? NetworkOrder.getLong(bytes, id + ID_SRC_AT + 8)
            : NetworkOrder.getLong(bytes, id + ID_SRC_AT) >>> 32,
        NetworkOrder.getShort(bytes, id + ID_SPORT_AT),
        bytes.getInt(id + ID_IF_AT),
        bytes.getInt(from + MSG_INODE_AT) & 0xFFFFFFFFL,
        cookie,
        bytes.getInt(from + MSG_UID_AT) & 0xFFFFFFFFL,
        ipv6 ? v6only(bytes, from + MSG_SIZE, to) : null,
        bytes.getInt(from + MSG_RQUEUE_AT) & 0xFFFFFFFFL);
  }

  private static @Nullable Boolean v6only(ByteBuffer bytes, int from, int to)
      throws KernelException {
    int at = from;
    while (at + NetlinkMessages.ATTRIBUTE_HEADER <= to) {
      int length = bytes.getShort(at) & 0xFFFF;
      if (length < NetlinkMessages.ATTRIBUTE_HEADER || length > to - at) {
        throw new KernelException("an attribute of a socket is truncated");
      }
      boolean wanted = bytes.getShort(at + 2) == INET_DIAG_SKV6ONLY;
      if (wanted && length > NetlinkMessages.ATTRIBUTE_HEADER) {
        return bytes.get(at + NetlinkMessages.ATTRIBUTE_HEADER) != 0;
      }
      at += NetlinkMessages.align(length);
    }
    return null;
  }
}
