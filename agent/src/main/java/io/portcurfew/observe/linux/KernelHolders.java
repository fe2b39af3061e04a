package io.portcurfew.observe.linux;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.netlink.TunnelPorts;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the module of the kernel that holds a socket of root without a process. */
final class KernelHolders {

  private final ProcFs proc;
  private final Map<NetworkNamespace, TunnelPorts> tunnels = new HashMap<>(0);
  private @Nullable NfsPorts nfs;

  KernelHolders(ProcFs proc) {
    this.proc = proc;
  }

  /** Forgets the answers of the kernel; a new list of listeners begins. */
  void forget() {
    tunnels.clear();
    nfs = null;
  }

  /**
   * Returns the kernel as the owner of a socket, or an empty list.
   *
   * @param proven true if every process was searched and none holds the socket
   */
  List<Owner> holder(NetworkNamespace namespace, KernelSocket socket, boolean proven) {
    String module =
        tunnels.computeIfAbsent(namespace, NetworkNamespace::tunnels).holder(socket, proven);
    if (module == null && proven && namespace.isHost()) {
      module = nfsModule(socket);
    }
    return module == null ? List.of() : List.of(Owner.ofKernel(module));
  }

  private @Nullable String nfsModule(KernelSocket socket) {
    Protocol protocol = socket.transport().protocol();
    NfsPorts ports = nfs;
    if (ports == null) {
      ports = NfsPorts.read(proc);
      nfs = ports;
    }
    return protocol == null ? null : ports.holder(protocol.label(), socket.port());
  }
}
