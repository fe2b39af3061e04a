package io.portcurfew.observe.linux.procnet;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.proc.ProcText;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Looks for inodes of sockets in the text tables of /proc/net, which list sockets in every state
 * once they have an address (tcp4_seq_show in net/ipv4/tcp_ipv4.c and its relatives).
 */
public final class SocketInodes {

  private static final List<String> TABLES =
      List.of("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6");

  /** The column of the inode in these tables, and in that of packet sockets. */
  private static final int COLUMN = 9;

  private static final int PACKET_COLUMN = 8;

  private final LineReader reader = new LineReader();

  /**
   * Removes the inodes that the tables of a namespace list. A table that cannot be read removes
   * none.
   *
   * @param opener opens a file of /proc/net, or returns -1
   */
  public void removeListed(ToIntFunction<String> opener, Set<Long> inodes) {
    for (String table : TABLES) {
      removeListed(opener, table, COLUMN, inodes);
    }
    removeListed(opener, "packet", PACKET_COLUMN, inodes);
  }

  private void removeListed(
      ToIntFunction<String> opener, String table, int column, Set<Long> inodes) {
    int fd = inodes.isEmpty() ? -1 : opener.applyAsInt(table);
    if (fd < 0) {
      return;
    }
    try {
      reader.read(fd, line -> inodes.remove(number(line, column)));
    } catch (KernelException cannotTell) {
      // The inodes that it did not list stay in the set.
    } finally {
      Libc.close(fd);
    }
  }

  /** Returns the number in a column, counted from 0; 0 if there is none. */
  static long number(String line, int column) {
    int at = 0;
    for (int word = 0; at < line.length(); word++) {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      int end = line.indexOf(' ', at);
      end = end < 0 ? line.length() : end;
      if (word == column) {
        Long number = ProcText.number(line.substring(at, end));
        return number == null ? 0 : number;
      }
      at = end;
    }
    return 0;
  }
}
