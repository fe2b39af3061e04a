package io.portcurfew.observe.linux.procnet;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.linux.kernel.FamilyRows;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.proc.ProcText;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Parses the tables of /proc/net about sockets of other families: packet (net/packet/af_packet.c),
 * raw and raw6 (net/ipv4/raw.c), protocols (net/core/sock.c). Without I/O.
 */
public final class FamilyTables {

  // packet: sk, RefCnt, Type, Proto, Iface, R, Rmem, User, Inode.
  private static final int PACKET_PROTOCOL = 3;
  private static final int PACKET_INTERFACE = 4;
  private static final int PACKET_UID = 7;
  private static final int PACKET_INODE = 8;

  // raw: sl, local_address, rem_address, st, tx:rx, tr:tm, retrnsmt, uid, timeout, inode.
  private static final int RAW_LOCAL = 1;
  private static final int RAW_UID = 7;
  private static final int RAW_INODE = 9;

  /** net/ipv4/udp.c: an unconnected socket. */
  private static final int RAW_STATE = 3;

  private static final String UNCONNECTED = "07";

  // sctp/eps: ENDPT, SOCK, STY, SST, HBKT, LPORT, UID, INODE, LADDRS (net/sctp/proc.c).
  private static final int SCTP_STATE = 3;
  private static final int SCTP_PORT = 5;
  private static final int SCTP_UID = 6;
  private static final int SCTP_INODE = 7;
  private static final int SCTP_ADDRESS = 8;

  /** include/net/sctp/structs.h, SCTP_SS_LISTENING. */
  private static final String SCTP_LISTENING = "10";

  // protocols: protocol, size, sockets.
  private static final int SOCKETS = 2;

  private FamilyTables() {}

  /**
   * Parses /proc/net/packet.
   *
   * @throws KernelException if it is not such a table
   */
  public static FamilyRows packets(List<String> lines, int most) throws KernelException {
    header(lines, "sk ");
    FamilyRows rows = new FamilyRows(most);
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = fields(line, PACKET_INODE);
      Long protocol = fields == null ? null : ProcNetRows.hex(fields[PACKET_PROTOCOL], 4);
      Long device = fields == null ? null : ProcText.number(fields[PACKET_INTERFACE]);
      Long uid = fields == null ? null : ProcText.number(fields[PACKET_UID]);
      Long inode = fields == null ? null : ProcText.number(fields[PACKET_INODE]);
      if (protocol == null || device == null || uid == null || inode == null) {
        throw new KernelException("a row of /proc/net/packet is not understood");
      }
      // A socket of protocol 0 receives nothing (packet(7)).
      if (protocol != 0) {
        rows.add(
            row(
                SocketPlace.Family.PACKET,
                protocol.intValue(),
                null,
                device.intValue(),
                inode,
                uid));
      }
    }
    return rows;
  }

  /**
   * Adds the sockets of /proc/net/raw or raw6.
   *
   * @throws KernelException if it is not such a table
   */
  public static void raw(List<String> lines, boolean ipv6, FamilyRows into) throws KernelException {
    addresses(lines, SocketPlace.Family.RAW, ipv6, into);
  }

  /**
   * Adds the unconnected sockets of /proc/net/udplite or udplite6.
   *
   * @throws KernelException if it is not such a table
   */
  public static void udplite(List<String> lines, boolean ipv6, FamilyRows into)
      throws KernelException {
    addresses(lines, SocketPlace.Family.UDPLITE, ipv6, into);
  }

  /**
   * Adds the listening endpoints of /proc/net/sctp/eps, each with its first address.
   *
   * @throws KernelException if it is not such a table
   */
  public static void sctp(List<String> lines, FamilyRows into) throws KernelException {
    header(lines, "ENDPT ");
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = fields(line, SCTP_ADDRESS);
      Long port = fields == null ? null : ProcText.number(fields[SCTP_PORT]);
      Long uid = fields == null ? null : ProcText.number(fields[SCTP_UID]);
      Long inode = fields == null ? null : ProcText.number(fields[SCTP_INODE]);
      Optional<Address> address =
          fields == null ? Optional.empty() : Address.parse(fields[SCTP_ADDRESS]);
      if (fields == null || port == null || uid == null || inode == null || address.isEmpty()) {
        throw new KernelException("a row of /proc/net/sctp/eps is not understood");
      }
      if (fields[SCTP_STATE].equals(SCTP_LISTENING)) {
        into.add(ported(SocketPlace.Family.SCTP, address.get(), port, inode, uid));
      }
    }
  }

  private static FamilySocket ported(
      SocketPlace.Family family, Address address, long port, long inode, long uid) {
    return new FamilySocket(family, 0, address, 0, port, 0, inode, null, uid, null, null);
  }

  private static void addresses(
      List<String> lines, SocketPlace.Family family, boolean ipv6, FamilyRows into)
      throws KernelException {
    header(lines, "sl ");
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = fields(line, RAW_INODE);
      String local = fields == null ? "" : fields[RAW_LOCAL];
      Address address = address(local, ipv6);
      Long protocol =
          address == null ? null : ProcNetRows.hex(local.substring(digits(ipv6) + 1), 4);
      Long uid = fields == null ? null : ProcText.number(fields[RAW_UID]);
      Long inode = fields == null ? null : ProcText.number(fields[RAW_INODE]);
      if (fields == null || address == null || protocol == null || uid == null || inode == null) {
        throw new KernelException("a row of /proc/net/" + family + " is not understood");
      }
      if (family == SocketPlace.Family.UDPLITE) {
        if (fields[RAW_STATE].equals(UNCONNECTED)) {
          into.add(ported(family, address, protocol, inode, uid));
        }
        continue;
      }
      into.add(row(SocketPlace.Family.RAW, protocol.intValue(), address, 0, inode, uid));
    }
  }

  /**
   * Returns the number of sockets of each protocol in /proc/net/protocols. The kernel counts
   * packet, raw and XDP sockets, but not those of vsock. A protocol that it lacks is absent.
   *
   * @throws KernelException if it is not such a table
   */
  public static Map<String, Long> counts(List<String> lines) throws KernelException {
    header(lines, "protocol ");
    Map<String, Long> counts = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = fields(line, SOCKETS);
      Long count = fields == null ? null : ProcText.number(fields[SOCKETS]);
      if (fields == null || count == null) {
        throw new KernelException("a row of /proc/net/protocols is not understood");
      }
      counts.put(fields[0], count);
    }
    return counts;
  }

  private static FamilySocket row(
      SocketPlace.Family family,
      int protocol,
      @Nullable Address address,
      int device,
      long inode,
      long uid) {
    return new FamilySocket(family, protocol, address, 0, 0, device, inode, null, uid, null, null);
  }

  private static void header(List<String> lines, String start) throws KernelException {
    if (lines.isEmpty() || !lines.get(0).strip().startsWith(start)) {
      throw new KernelException("a table of /proc/net has no header");
    }
  }

  private static int digits(boolean ipv6) {
    return ipv6 ? 32 : 8;
  }

  private static @Nullable Address address(String local, boolean ipv6) {
    int digits = digits(ipv6);
    if (local.length() != digits + 5 || local.charAt(digits) != ':') {
      return null;
    }
    Long high = ipv6 ? ProcNetRows.words(local, 0, 2) : Long.valueOf(0);
    Long low = ipv6 ? ProcNetRows.words(local, 16, 2) : ProcNetRows.words(local, 0, 1);
    if (high == null || low == null) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? 16 : 4);
    if (ipv6) {
      bytes.putLong(high).putLong(low);
    } else {
      bytes.putInt(low.intValue());
    }
    return Address.of(bytes.array());
  }

  /** Returns the fields up to the last one that is needed; {@code null} if there are fewer. */
  private static String @Nullable [] fields(String line, int last) {
    StringTokenizer words = new StringTokenizer(line, " \r");
    String[] fields = new String[last + 1];
    for (int i = 0; i <= last; i++) {
      if (!words.hasMoreTokens()) {
        return null;
      }
      fields[i] = words.nextToken();
    }
    return fields;
  }
}
