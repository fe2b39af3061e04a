package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Finds the user at the other end of a connection within this host. */
public final class ConnectionLookup {

  private ConnectionLookup() {}

  /**
   * Returns the user who created the client's socket of an established connection (idiag_uid,
   * sock_diag(7)).
   *
   * @param client the client's address; of the same family as the server's, or IPv4 to an IPv6
   *     socket of both families
   * @param server the server's address
   * @return {@code null} if there is no such connection in this network namespace
   * @throws KernelException if the kernel refuses or fails
   */
  public static @Nullable Long uid(InetSocketAddress client, InetSocketAddress server)
      throws KernelException {
    try (SockDiag kernel = SockDiag.open()) {
      return kernel.userOf(client, server);
    }
  }
}
