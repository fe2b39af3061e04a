package io.portcurfew.observe.linux.kernel;

import java.nio.ByteBuffer;
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

  private static final int MOST_BYTES = 1024;

  /** More than the first line has: {@code sockets: used 3}. */
  private static final int FIRST_LINE = 64;

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

  /** Returns true if the namespace is known to have no such socket. */
  public boolean hasNone(Transport transport, boolean overIpv6) {
    return (overIpv6 ? ipv6 : ipv4).hasNone(transport);
  }

  @Override
  public void close() {
    ipv4.close();
    ipv6.close();
  }

  /** One of the two files. */
  private static final class CountFile {

    private final int fd;
    private final NativeBuffer text = new NativeBuffer(MOST_BYTES);
    private final String tcp;
    private final String udp;
    private final String udplite;
    private int length;

    CountFile(int fd, String family) {
      this.fd = fd;
      tcp = "TCP" + family + ": inuse 0";
      udp = "UDP" + family + ": inuse 0";
      udplite = "UDPLITE" + family + ": inuse 0";
    }

    void read() {
      length = fd < 0 ? 0 : (int) Libc.pread(fd, text.address(), text.size(), 0);
    }

    /**
     * Compares with the line that was read last, which stays in the buffer as long as it is equal.
     */
    boolean hasOtherFirstLine() {
      byte[] before = text.copy(Math.min(Math.max(length, 0), FIRST_LINE));
      read();
      boolean inLine = true;
      for (int at = 0; inLine && at < before.length && at < length; at++) {
        if (text.bytes().get(at) != before[at]) {
          return true;
        }
        inLine = before[at] != '\n';
      }
      return false;
    }

    boolean hasNone(Transport transport) {
      String line =
          switch (transport) {
            case TCP -> tcp;
            case UDP -> udp;
            case UDPLITE -> udplite;
            case SCTP -> null;
          };
      return line != null && length > 0 && length < text.size() && has(line);
    }

    /** Returns true if a line starts with this text, and the number at its end does not go on. */
    private boolean has(String start) {
      ByteBuffer bytes = text.bytes();
      int at = 0;
      while (at + start.length() < length) {
        if (isAt(bytes, at, start)) {
          byte next = bytes.get(at + start.length());
          return next == ' ' || next == '\n';
        }
        while (at < length && bytes.get(at) != '\n') {
          at++;
        }
        at++;
      }
      return false;
    }

    private static boolean isAt(ByteBuffer bytes, int at, String start) {
      for (int i = 0; i < start.length(); i++) {
        if (bytes.get(at + i) != start.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    void close() {
      if (fd >= 0) {
        Libc.close(fd);
      }
    }
  }
}
