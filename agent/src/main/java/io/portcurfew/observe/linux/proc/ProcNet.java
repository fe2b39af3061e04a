package io.portcurfew.observe.linux.proc;

import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table of /proc/net (tcp, tcp6, udp, udp6): net/ipv4/tcp_ipv4.c and its like; pure.
 *
 * @param understood whether it was such a table: its header was there
 * @param sockets those that listen
 * @param unreadable the rows that could not be read
 */
record ProcNet(boolean understood, List<KernelSocket> sockets, List<byte[]> unreadable) {

  // Fields between blanks, from 0: sl, local_address, rem_address, st, tx:rx, tr:tm, retrnsmt, uid,
  // timeout, inode.
  private static final int LOCAL = 1;
  private static final int STATE = 3;
  private static final int QUEUES = 4;
  private static final int UID = 7;
  private static final int INODE = 9;

  /** Reads it; never throws. */
  static ProcNet parse(byte[] raw, Transport transport, boolean ipv6) {
    List<KernelSocket> sockets = new ArrayList<>();
    List<byte[]> unreadable = new ArrayList<>();
    String[] lines = new String(raw, StandardCharsets.ISO_8859_1).split("\n", -1);
    boolean understood = lines[0].trim().startsWith("sl ");
    for (int i = 1; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        Row row = row(lines[i], transport, ipv6);
        if (!row.readable()) {
          unreadable.add(lines[i].getBytes(StandardCharsets.ISO_8859_1));
        } else if (row.socket() != null) {
          sockets.add(row.socket());
        }
      }
    }
    return new ProcNet(understood, sockets, unreadable);
  }

  private record Row(boolean readable, @Nullable KernelSocket socket) {
    static final Row UNREADABLE = new Row(false, null);
    static final Row NOT_LISTENING = new Row(true, null);
  }

  private static Row row(String line, Transport transport, boolean ipv6) {
    String[] fields = line.trim().split(" +", -1);
    int digits = ipv6 ? 32 : 8;
    if (fields.length <= INODE || fields[LOCAL].length() != digits + 5) {
      return Row.UNREADABLE;
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
      return Row.UNREADABLE;
    }
    if (state != transport.state()) {
      return Row.NOT_LISTENING;
    }
    return new Row(
        true,
        new KernelSocket(
            transport, ipv6, high, low, port.intValue(), 0, inode, null, uid, null, waiting));
  }

  /** An address is printed a 32-bit word at a time, each as a number of the machine. */
  private static @Nullable Long words(String text, int from, int count) {
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

  private static @Nullable Long hex(String text, int digits) {
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
