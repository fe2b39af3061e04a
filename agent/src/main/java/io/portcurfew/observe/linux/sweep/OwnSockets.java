package io.portcurfew.observe.linux.sweep;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.InetDiag;

/**
 * Opens sockets that are bound for the duration of one call: they never listen, connect or read.
 * Not thread-safe.
 */
final class OwnSockets implements BindProbe {

  // linux/net.h, with asm-generic/fcntl.h.
  private static final int STREAM = 1 | Libc.O_CLOEXEC;
  private static final int DATAGRAM = 2 | Libc.O_CLOEXEC;

  // asm-generic/socket.h.
  private static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;

  // linux/in.h and linux/in6.h.
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  // linux/in.h, struct sockaddr_in: sin_family u16, sin_port be16, sin_addr be32, padding; linux/
  // in6.h, struct sockaddr_in6: the same two, then flow, address and scope. A wildcard is zeros.
  private static final int PORT_AT = 2;
  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;

  private final NativeBuffer sockaddr = new NativeBuffer(SOCKADDR_IN6);
  private final NativeBuffer yes = new NativeBuffer(Integer.BYTES);

  OwnSockets() {
    yes.bytes().putInt(0, 1);
  }

  @Override
  public int at(WildcardAddress where, int port) throws KernelException {
    int fd = open(where);
    try {
      return bind(fd, where, port);
    } finally {
      Libc.close(fd);
    }
  }

  /**
   * Opens a socket that is not bound yet; the caller closes it.
   *
   * @throws KernelException if the kernel opens none
   */
  int open(WildcardAddress where) throws KernelException {
    boolean tcp = where.transport() == Transport.TCP;
    int family = where.ipv6() ? InetDiag.AF_INET6 : InetDiag.AF_INET;
    int fd = Libc.socket(family, tcp ? STREAM : DATAGRAM, 0);
    if (fd < 0) {
      throw new KernelException("opening a socket", Native.getLastError());
    }
    // With SO_REUSEADDR the kernel refuses a TCP port that has a listener, and hardly ever one that
    // has only connections or their remains. Two UDP sockets that set it share a port, so UDP goes
    // without.
    boolean set = !tcp || set(fd, SOL_SOCKET, SO_REUSEADDR);
    set &= !where.ipv6() || set(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    if (!set) {
      int errno = Native.getLastError();
      Libc.close(fd);
      throw new KernelException("setting an option of a socket", errno);
    }
    return fd;
  }

  private boolean set(int fd, int level, int option) {
    return Libc.setsockopt(fd, level, option, yes.address(), Integer.BYTES) == 0;
  }

  /** Binds it and returns 0 or the error number; for port 0 the kernel chooses one. */
  int bind(int fd, WildcardAddress where, int port) {
    int length = where.ipv6() ? SOCKADDR_IN6 : SOCKADDR_IN;
    sockaddr.bytes().putShort(0, (short) (where.ipv6() ? InetDiag.AF_INET6 : InetDiag.AF_INET));
    sockaddr.bytes().put(PORT_AT, (byte) (port >> 8)).put(PORT_AT + 1, (byte) port);
    return Libc.bind(fd, sockaddr.address(), length) == 0 ? 0 : Native.getLastError();
  }
}
