package io.portcurfew.observe.linux.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntToLongFunction;
import java.util.function.ToIntFunction;

/**
 * The numbers of sockets of a network namespace by /proc/net/sockstat and sockstat6
 * (net/ipv4/proc.c, net/ipv6/proc.c), which take the kernel 2 µs: of TCP those that listen or are
 * connected, of UDP those that have a port. The files stay open, and are of the namespace in which
 * they were opened.
 *
 * <p>A number is a sum over the CPUs, which the kernel adds up one after the other. A user who
 * opens sockets on one CPU and closes them on another all the time can make it too low, so a zero
 * is no proof that a known socket has closed.
 */
public final class SocketCounts implements AutoCloseable {

  /** Replaces a number that is not known. */
  public static final int UNKNOWN = -1;

  private static final int MOST_BYTES = 1024;

  private final CountFile ipv4;
  private final CountFile ipv6;
  private final long inode;

  private SocketCounts(CountFile ipv4, CountFile ipv6, long inode) {
    this.ipv4 = ipv4;
    this.ipv6 = ipv6;
    this.inode = inode;
  }

  /** Opens both files with an opener of files in /proc/net; what cannot be opened is unknown. */
  public static SocketCounts open(ToIntFunction<String> opener) {
    return open(opener, fd -> 0);
  }

  /**
   * The same with the inode of the first file.
   *
   * @param opener opens a file of /proc/net, and returns -1 if that fails
   * @param inodeOf returns the inode of an open file, or 0 if it is not known
   */
  public static SocketCounts open(ToIntFunction<String> opener, IntToLongFunction inodeOf) {
    CountFile ipv4 = new CountFile(opener.applyAsInt("sockstat"), "");
    CountFile ipv6 = new CountFile(opener.applyAsInt("sockstat6"), "6");
    return new SocketCounts(ipv4, ipv6, ipv4.fd < 0 ? 0 : inodeOf.applyAsLong(ipv4.fd));
  }

  /**
   * Returns the inode of the first file, which no other namespace gets while it is open; 0 if it is
   * not known.
   */
  public long inode() {
    return inode;
  }

  /** Reads the numbers of this moment. */
  public void read() {
    ipv4.read();
    ipv6.read();
  }

  /**
   * Returns true if the number of sockets of all families, which the first file has, is another one
   * than in the last {@link #read}; false if it is not known.
   */
  public boolean haveChanged() {
    return ipv4.hasOtherFirstLine();
  }

  /**
   * Returns true if the namespace is known to have had this number of sockets of all families when
   * the first file was last read ({@code sockets: used}). Those that the kernel opened for itself
   * are not counted (sk_alloc in net/core/sock.c).
   */
  public boolean areAll(int sockets) {
    return ipv4.hasFirstLine("sockets: used " + sockets);
  }

  /** Returns true if the namespace is known to have no such socket. */
  public boolean hasNone(Transport transport, boolean overIpv6) {
    return of(transport, overIpv6) == 0;
  }

  /** Returns the number of such sockets, or {@link #UNKNOWN}. */
  public int of(Transport transport, boolean overIpv6) {
    return (overIpv6 ? ipv6 : ipv4).numbers.getOrDefault(transport, UNKNOWN);
  }

  @Override
  public void close() {
    ipv4.close();
    ipv6.close();
  }

  /** One of the two files, whose text is the same in nearly every look. */
  private static final class CountFile {

    private static final int MOST_DIGITS = 9;

    private final int fd;
    private final NativeBuffer buffer = new NativeBuffer(MOST_BYTES);
    private final Map<Transport, byte[]> lines;
    private final Map<Transport, Integer> numbers = new EnumMap<>(Transport.class);
    private byte[] text = new byte[0];

    /** True if the first line has been another one since the last {@link #read}. */
    private boolean otherFirstLine;

    CountFile(int fd, String family) {
      this.fd = fd;
      lines =
          Map.of(
              Transport.TCP, line("TCP", family),
              Transport.UDP, line("UDP", family),
              Transport.UDPLITE, line("UDPLITE", family));
    }

    private static byte[] line(String transport, String family) {
      return (transport + family + ": inuse ").getBytes(StandardCharsets.ISO_8859_1);
    }

    void read() {
      otherFirstLine = false;
      readText();
    }

    private void readText() {
      int length = fd < 0 ? 0 : (int) Libc.pread(fd, buffer.address(), buffer.size(), 0);
      byte[] latest = buffer.copy(Math.max(length, 0));
      if (!Arrays.equals(latest, text)) {
        text = latest;
        numbers.clear();
        lines.forEach(this::find);
      }
    }

    boolean hasOtherFirstLine() {
      byte[] before = text;
      readText();
      otherFirstLine |= isOtherFirstLine(before);
      return otherFirstLine;
    }

    private boolean isOtherFirstLine(byte[] before) {
      for (int at = 0; at < before.length && at < text.length; at++) {
        if (text[at] != before[at]) {
          return true;
        }
        if (text[at] == '\n') {
          return false;
        }
      }
      return false;
    }

    boolean hasFirstLine(String line) {
      for (int at = 0; at < line.length(); at++) {
        if (at >= text.length || text[at] != line.charAt(at)) {
          return false;
        }
      }
      return text.length > line.length() && text[line.length()] == '\n';
    }

    /** Finds the number in a line that starts so; a text that is cut has none. */
    private void find(Transport transport, byte[] start) {
      int at = text.length < buffer.size() ? 0 : text.length;
      while (at + start.length < text.length) {
        int after = at + start.length;
        if (Arrays.equals(text, at, after, start, 0, start.length)) {
          addNumber(transport, after);
        }
        while (at < text.length && text[at] != '\n') {
          at++;
        }
        at++;
      }
    }

    /** A sum of counts that change meanwhile may be negative, and is then no number. */
    private void addNumber(Transport transport, int from) {
      int to = from;
      int number = 0;
      while (to < text.length && to - from < MOST_DIGITS && isDigit(text[to])) {
        number = 10 * number + text[to] - '0';
        to++;
      }
      if (to > from && to < text.length && (text[to] == ' ' || text[to] == '\n')) {
        numbers.put(transport, number);
      }
    }

    private static boolean isDigit(byte one) {
      return one >= '0' && one <= '9';
    }

    void close() {
      if (fd >= 0) {
        Libc.close(fd);
      }
    }
  }
}
