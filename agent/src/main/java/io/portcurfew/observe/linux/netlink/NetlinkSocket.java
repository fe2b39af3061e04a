package io.portcurfew.observe.linux.netlink;

import com.sun.jna.Native;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.NativeBuffer;

/** Opens netlink sockets that are connected to the kernel and wait a limited time for an answer. */
final class NetlinkSocket {

  private static final int AF_NETLINK = 16;

  /** SOCK_RAW | SOCK_CLOEXEC. */
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final long ANSWER_TIMEOUT_SECONDS = 2;

  /** sizeof(struct sockaddr_nl). */
  private static final int SOCKADDR_NL = 12;

  private NetlinkSocket() {}

  /**
   * Opens a socket in the network namespace of the calling thread. A socket that is connected to
   * the kernel receives nothing from other processes, not even from root in a container whose
   * namespace it was opened in.
   *
   * @param protocol the number of the netlink family (linux/netlink.h)
   * @param scratch a buffer of at least 16 bytes
   * @throws KernelException if the kernel or a seccomp filter refuses
   */
  static int open(int protocol, String name, NativeBuffer scratch) throws KernelException {
    int fd = Libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
    if (fd < 0) {
      throw new KernelException("opening a " + name + " socket", Native.getLastError());
    }
    scratch.clear(16);
    scratch.bytes().putLong(0, ANSWER_TIMEOUT_SECONDS).putLong(8, 0);
    if (Libc.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, scratch.address(), 16) < 0) {
      throw closing(fd, "limiting the wait for an answer");
    }
    scratch.clear(16);
    scratch.bytes().putShort(0, (short) AF_NETLINK);
    if (Libc.connect(fd, scratch.address(), SOCKADDR_NL) < 0) {
      throw closing(fd, "connecting to the kernel");
    }
    return fd;
  }

  private static KernelException closing(int fd, String what) {
    KernelException failed = new KernelException(what, Native.getLastError());
    Libc.close(fd);
    return failed;
  }
}
