package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.events.source.NamespaceEnds;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NamespaceOpener;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets that report the ends of sockets in other network namespaces: a scan knows the
 * namespaces, and the reader of events reads them.
 */
final class EndSocketOpener {

  private final NamespaceEnds sockets = new NamespaceEnds();
  private final NamespaceOpener opener;

  EndSocketOpener(NamespaceOpener opener) {
    this.opener = opener;
  }

  /** Returns the sockets, for the reader of events. */
  NamespaceEnds sockets() {
    return sockets;
  }

  /** Returns how many of them are in a namespace. */
  int countIn(NetworkNamespace namespace) {
    return sockets.isIn(namespace.inode()) ? 1 : 0;
  }

  /** Opens those that are missing, if the reader of events wants them. */
  void open(Collection<NetworkNamespace> all) {
    if (sockets.isWanted()) {
      Map<Long, NetworkNamespace> others = new LinkedHashMap<>();
      all.stream().filter(one -> !one.isHost()).forEach(one -> others.put(one.inode(), one));
      sockets.scanned(others.keySet(), (inode, socket) -> enter(others.get(inode), socket));
    }
  }

  private AutoCloseable enter(
      @Nullable NetworkNamespace namespace, NamespaceEnds.SocketOpening socket)
      throws KernelException {
    if (namespace == null) {
      throw new KernelException("it is gone");
    }
    return opener.inside(namespace, socket::open);
  }
}
