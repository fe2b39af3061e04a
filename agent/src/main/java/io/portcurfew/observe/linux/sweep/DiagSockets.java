package io.portcurfew.observe.linux.sweep;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.Libc;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Lists the bound sockets of the calling thread's network namespace with sock_diag. */
public final class DiagSockets implements BoundSockets, AutoCloseable {

  private final SockDiag diag;

  private DiagSockets(SockDiag diag) {
    this.diag = diag;
  }

  /**
   * Opens a sock_diag socket.
   *
   * @throws KernelException if the kernel or a seccomp filter refuses
   */
  public static DiagSockets open() throws KernelException {
    return new DiagSockets(SockDiag.open());
  }

  @Override
  public OccupiedPorts look(int port) throws KernelException {
    OccupiedPorts held = new OccupiedPorts();
    for (WildcardAddress wildcard : WildcardAddress.values()) {
      diag.dumpEveryState(wildcard.transport(), wildcard.ipv6(), port, held::add);
    }
    return held;
  }

  /** Binds a socket of this process to a port that the kernel chooses, and looks for it. */
  @Override
  public boolean showsBoundInactive() throws KernelException {
    OwnSockets sockets = new OwnSockets();
    int fd = sockets.open(WildcardAddress.TCP_IPV4);
    try {
      int errno = sockets.bind(fd, WildcardAddress.TCP_IPV4, 0);
      if (errno != 0) {
        throw new KernelException("binding to any port", errno);
      }
      long inode = new ProcFs(Path.of("/")).socketAt(Libc.AT_FDCWD, "/proc/self/fd/" + fd);
      // Others may have any number of sockets, so none is kept.
      AtomicBoolean shown = new AtomicBoolean();
      diag.dumpEveryState(
          Transport.TCP, false, 0, row -> shown.compareAndSet(false, row.inode() == inode));
      return inode != 0 && shown.get();
    } finally {
      Libc.close(fd);
    }
  }

  @Override
  public void close() {
    diag.close();
  }
}
