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

  private static final int AF_INET = 2;

  /** linux/net.h, SOCK_DGRAM | SOCK_CLOEXEC. */
  private static final int SOCK_DGRAM = 2 | Libc.O_CLOEXEC;

  private SocketNamespace() {}

  /** Returns true if the kernel answers for a socket of our own. */
  static boolean isPermitted() {
    int socket = Libc.socket(AF_INET, SOCK_DGRAM, 0);
    int namespace = socket < 0 ? -1 : open((int) ProcessHandle.current().pid(), socket);
    for (int fd : new int[] {socket, namespace}) {
      if (fd >= 0) {
        Libc.close(fd);
      }
    }
    return namespace >= 0;
  }

  /**
   * Opens the namespace of a socket, or returns -1 if that fails.
   *
   * @param descriptor the descriptor that the process has of the socket
   */
  public static int open(int pid, int descriptor) {
    int socket = copy(pid, descriptor);
    int namespace = socket < 0 ? -1 : of(socket);
    if (socket >= 0) {
      Libc.close(socket);
    }
    return namespace;
  }

  /** Returns a descriptor of our own of the same socket, or -1 if that fails. */
  static int copy(int pid, int descriptor) {
    int pidfd = (int) Libc.syscall(Libc.SYS_PIDFD_OPEN, pid, 0, 0, 0);
    if (pidfd < 0) {
      return -1;
    }
    int socket = (int) Libc.syscall(SYS_PIDFD_GETFD, pidfd, descriptor, 0, 0);
    Libc.close(pidfd);
    return socket;
  }

  /** Opens the namespace of a socket of our own, or returns -1 if that fails. */
  static int of(int socket) {
    return Libc.ioctl(socket, SIOCGSKNS, 0);
  }
}
