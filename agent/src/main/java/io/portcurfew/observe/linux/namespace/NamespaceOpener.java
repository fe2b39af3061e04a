package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.netlink.TunnelPorts;
import java.util.Optional;

/** Opens the socket tables of a namespace; a captured host has its own implementation. */
public interface NamespaceOpener {

  /**
   * Opens sock_diag in the namespace.
   *
   * @throws KernelException if the kernel refuses; the caller then tries the text tables
   */
  SocketTable sockDiag(NetworkNamespace namespace) throws KernelException;

  /**
   * Opens the text tables.
   *
   * @throws KernelException if they cannot be opened either
   */
  SocketTable tables(NetworkNamespace namespace) throws KernelException;

  /**
   * Reads the tunnels whose sockets the kernel holds; a captured host has none.
   *
   * @throws KernelException if the kernel refuses
   */
  default TunnelPorts tunnels(NetworkNamespace namespace) throws KernelException {
    return TunnelPorts.NONE;
  }

  /**
   * Opens something in the namespace; a captured host has none to enter.
   *
   * @throws KernelException if the namespace cannot be entered
   */
  default <T> T inside(NetworkNamespace namespace, NamespaceVisit.VisitAction<T> opening)
      throws KernelException {
    throw new KernelException("it cannot be entered");
  }

  /**
   * Reads a table of /proc/net by entering the namespace.
   *
   * @return at most about {@code most} bytes; empty if there is no such table
   * @throws KernelException if the namespace cannot be entered
   */
  default Optional<byte[]> table(NetworkNamespace namespace, String name, int most)
      throws KernelException {
    throw new KernelException("it cannot be entered");
  }

  /**
   * Reads the links; a captured host has none.
   *
   * @throws KernelException if the kernel refuses
   */
  default NetworkLinks links(NetworkNamespace namespace) throws KernelException {
    return NetworkLinks.NONE;
  }

  /**
   * Returns an open file descriptor of the namespace, which the caller closes.
   *
   * @throws KernelException if it cannot be opened
   */
  default int handle(NetworkNamespace namespace) throws KernelException {
    throw new KernelException("it cannot be entered");
  }
}
