package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.linux.kernel.Libc;

/**
 * Finds the network namespace of a socket of another process. pidfd_getfd(2) needs the right to
 * trace the process, and the request SIOCGSKNS needs CAP_NET_ADMIN (sock_ioctl in net/socket.c).
 */
public final class SocketNamespace {

  /** asm/unistd.h, the same number on every architecture. */
  private static final long SYS_PIDFD_GETFD = 438;

  /** linux/sockios.h: returns a descriptor of the namespace of a socket. */
  private static final long SIOCGSKNS = 0x894C;

  private SocketNamespace() {}

  /**
   * Opens the namespace of a socket, or returns -1 if that fails.
   *
   * @param descriptor the descriptor that the process has of the socket
   */
  public static int open(int pid, int descriptor) {
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, pid, 0, 0, 0);
    if (pidfd < 0) {
      return -1;
    }
    int socket = (int) Libc.syscall(SYS_PIDFD_GETFD, pidfd, descriptor, 0, 0);
    Libc.close(pidfd);
    if (socket < 0) {
      return -1;
    }
    int namespace = Libc.ioctl(socket, SIOCGSKNS, 0);
    Libc.close(socket);
    return namespace;
  }
}
