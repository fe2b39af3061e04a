package io.portcurfew.observe.linux.unlisted;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The TCP sockets of a scan at some ports, by their address. */
final class ShownSockets {

  private final Map<PortAddress, List<ShownSocket>> sockets = new HashMap<>();

  private record PortAddress(String host, int port) {}

  private record ShownSocket(String namespace, long inode) {}

  /**
   * Takes sockets.
   *
   * @param tables the sockets of each network namespace by its name
   * @param isWanted true for the inode of a socket that is wanted
   */
  ShownSockets(
      Set<Integer> ports,
      Map<String, ? extends Collection<KernelSocket>> tables,
      LongPredicate isWanted) {
    tables.forEach(
        (namespace, table) -> {
          for (KernelSocket socket : table) {
            if (socket.transport() == Transport.TCP
                && ports.contains(socket.port())
                && isWanted.test(socket.inode())) {
              sockets
                  .computeIfAbsent(
                      new PortAddress(socket.address().host(), socket.port()),
                      key -> new ArrayList<>())
                  .add(new ShownSocket(namespace, socket.inode()));
            }
          }
        });
  }

  /**
   * Returns true if a socket at an address and port passes a test, which ends the search.
   *
   * @param namespace the namespace of the socket; {@code null} for any, that of the host first
   */
  boolean any(Address address, int port, @Nullable String namespace, LongPredicate test) {
    List<ShownSocket> there =
        sockets.getOrDefault(new PortAddress(address.host(), port), List.of());
    String first = namespace == null ? Endpoint.HOST : namespace;
    return there.stream().anyMatch(one -> one.namespace.equals(first) && test.test(one.inode))
        || (namespace == null && there.stream().anyMatch(one -> test.test(one.inode)));
  }
}
