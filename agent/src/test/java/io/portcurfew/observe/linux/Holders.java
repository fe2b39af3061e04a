package io.portcurfew.observe.linux;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.netlink.SockDiag;
import io.portcurfew.observe.linux.owner.SocketOwners;
import java.util.List;

/** Looks of {@link SocketOwners} at what listens on this host. */
public final class Holders {

  private Holders() {}

  public static List<KernelSocket> listening(SockDiag diag) throws KernelException {
    return diag.dump(Transport.TCP, false, 20_000).rows();
  }

  /** The processes that hold the socket at this port, after another look. */
  public static List<Integer> look(SocketOwners owners, SockDiag diag, int port)
      throws KernelException, InterruptedException {
    List<KernelSocket> sockets = listening(diag);
    owners.refresh(sockets, socket -> false);
    KernelSocket ours =
        sockets.stream().filter(one -> one.port() == port).findFirst().orElseThrow();
    return owners.of(ours).owners().stream().map(Owner::pid).toList();
  }
}
