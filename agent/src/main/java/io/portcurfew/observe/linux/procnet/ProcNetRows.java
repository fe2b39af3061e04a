package io.portcurfew.observe.linux.procnet;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketRows;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.proc.ProcText;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Parses one table of /proc/net (tcp, tcp6, udp, udp6) line by line, without I/O, and keeps the
 * listening sockets. The format is that of net/ipv4/tcp_ipv4.c and similar files.
 */
final class ProcNetRows {

  /** The maximum number of malformed rows to keep; the others are only counted. */
  static final int MOST_UNREADABLE = 20;

  // Fields between blanks, from 0: sl, local_address, rem_address, st, tx:rx, tr:tm, retrnsmt, uid,
  // timeout, inode.
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final int UID = 7;
  private static final int INODE = 9;

  private final Transport transport;
  private final boolean ipv6;
  private final SocketRows rows;
  private final List<byte[]> unreadable = new ArrayList<>(0);
  private int unreadableRows;
  private boolean first = true;
  private boolean understood;

  /**
   * Creates an empty table.
   *
   * @param most the maximum number of sockets to keep
   */
  ProcNetRows(Transport transport, boolean ipv6, int most) {
    this.transport = transport;
    this.ipv6 = ipv6;
    rows = new SocketRows(most, 16);
  }

  /** Parses a whole table; it never throws. */
  static ProcNetRows parse(byte[] raw, Transport transport, boolean ipv6) {
    ProcNetRows table = new ProcNetRows(transport, ipv6, Integer.MAX_VALUE);
    for (String line : new String(raw, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      table.line(line);
    }
    return table;
  }

  /** Parses the next line. */
  void line(String line) {
    if (first) {
      first = false;
      understood = line.trim().startsWith("sl ");
    } else if (!line.isBlank()) {
      SocketRow row = row(line);
      if (row.socket() != null) {
        rows.add(row.socket());
      } else if (!row.readable() && ++unreadableRows <= MOST_UNREADABLE) {
        unreadable.add(line.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** Returns true if the first line was the expected header. */
  boolean understood() {
    return understood;
  }

  /** Returns the listening sockets. */
  SocketRows rows() {
    return rows;
  }

  List<KernelSocket> sockets() {
    return rows.kept();
  }

  /** Returns the first malformed rows. */
  List<byte[]> unreadable() {
    return unreadable;
  }

  /** Returns the number of malformed rows. */
  int unreadableRows() {
    return unreadableRows;
  }

  private record SocketRow(boolean readable, @Nullable KernelSocket socket) {
    static final SocketRow UNREADABLE = new SocketRow(false, null);
    static final SocketRow NOT_LISTENING = new SocketRow(true, null);
  }

  private SocketRow row(String line) {
    String[] fields = fields(line);
    int digits = ipv6 ? 32 : 8;
    if (fields == null || fields[LOCAL].length() != digits + 5) {
      return SocketRow.UNREADABLE;
    }
    Long state = hex(fields[STATE], 2);
    Long port =
        fields[LOCAL].charAt(digits) == ':' ? hex(fields[LOCAL].substring(digits + 1), 4) : null;
    Long high = ipv6 ? words(fields[LOCAL], 0, 2) : Long.valueOf(0);
    Long low = ipv6 ? words(fields[LOCAL], 16, 2) : words(fields[LOCAL], 0, 1);
    Long uid = ProcText.number(fields[UID]);
    Long inode = ProcText.number(fields[INODE]);
    int colon = fields[QUEUES].indexOf(':');
    Long waiting = colon < 0 ? null : hex(fields[QUEUES].substring(colon + 1), 8);
    if (state == null
        || port == null
        || high == null
        || low == null
        || uid == null
        || inode == null
        || waiting == null) {
      return SocketRow.UNREADABLE;
    }
    if (state != transport.state()) {
      return SocketRow.NOT_LISTENING;
    }
    return new SocketRow(
        true,
        new KernelSocket(
            transport, ipv6, high, low, port.intValue(), 0, inode, null, uid, null, waiting));
  }

  private static String @Nullable [] fields(String line) {
    StringTokenizer words = new StringTokenizer(line, " \r");
    String[] fields = new String[INODE + 1];
    for (int i = 0; i <= INODE; i++) {
      if (!words.hasMoreTokens()) {
        return null;
      }
      fields[i] = words.nextToken();
    }
    return fields;
  }

  /** Parses an address, which is printed as 32-bit words in native byte order. */
  static @Nullable Long words(String text, int from, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      Long word = hex(text.substring(from + 8 * i, from + 8 * i + 8), 8);
      if (word == null) {
        return null;
      }
      int inOrder =
          ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
              ? Integer.reverseBytes(word.intValue())
              : word.intValue();
      value = (value << 32) | (inOrder & 0xFFFFFFFFL);
    }
    return value;
  }

  static @Nullable Long hex(String text, int digits) {
    if (text.length() != digits) {
      return null;
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return null;
      }
      value = 16 * value + digit;
    }
    return value;
  }
}
