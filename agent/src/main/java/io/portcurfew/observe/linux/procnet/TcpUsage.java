package io.portcurfew.observe.linux.procnet;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The number of TCP sockets of a network namespace, by /proc/net/sockstat and sockstat6
 * (net/ipv4/proc.c, net/ipv6/proc.c), which take the kernel some microseconds.
 *
 * @param ipv4 the sockets over IPv4, or {@code null} if unknown
 * @param ipv6 the sockets over IPv6, or {@code null} if unknown
 */
record TcpUsage(@Nullable Integer ipv4, @Nullable Integer ipv6) {

  /** Reads the counts with an opener of files in /proc/net. */
  static TcpUsage read(ToIntFunction<String> opener, LineReader reader) {
    return new TcpUsage(
        count(lines(opener, reader, "sockstat"), "TCP:"),
        count(lines(opener, reader, "sockstat6"), "TCP6:"));
  }

  private static List<String> lines(ToIntFunction<String> opener, LineReader reader, String name) {
    int fd = opener.applyAsInt(name);
    if (fd < 0) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    try {
      reader.read(fd, lines::add);
      return lines;
    } catch (KernelException unknown) {
      return List.of();
    } finally {
      Libc.close(fd);
    }
  }

  /** Returns the count of the line {@code TCP: inuse 3 ...}. */
  static @Nullable Integer count(List<String> lines, String label) {
    for (String line : lines) {
      String[] words = line.split(" ", 4);
      if (words.length > 2 && words[0].equals(label) && words[1].equals("inuse")) {
        return words[2].matches("[0-9]{1,9}") ? Integer.valueOf(words[2]) : null;
      }
    }
    return null;
  }

  /** Returns true if the namespace is known to have no TCP socket of this family. */
  boolean hasNone(boolean ofIpv6) {
    Integer count = ofIpv6 ? ipv6 : ipv4;
    return count != null && count == 0;
  }
}
