package io.portcurfew.observe.linux.netlink;

import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ports of one network namespace whose sockets the kernel itself holds: those of tunnels, by
 * RTM_GETLINK (rtnetlink(7)), which needs no right, and those of MPTCP.
 *
 * <p>While such a link is up, its socket has its port alone: the kernel sets neither SO_REUSEADDR
 * nor SO_REUSEPORT for it (net/ipv4/udp_tunnel_core.c). The same holds for the socket of an
 * endpoint of MPTCP (mptcp_pm_nl_create_listen_socket, net/mptcp/pm_netlink.c).
 *
 * @param all the links that are up
 * @param mptcp the TCP ports of announced endpoints; none without the right to ask
 */
public record TunnelPorts(List<Tunnel> all, Set<Integer> mptcp) {

  /** No tunnel is known. */
  public static final TunnelPorts NONE = new TunnelPorts(List.of(), Set.of());

  /** struct ifinfomsg: the flags. */
  private static final int FLAGS_AT = 8;

  private static final int IFF_UP = 1;
  private static final int IFLA_INFO_DATA = 2;

  /** The attribute with the port, in network order, by the kind of the link (linux/if_link.h). */
  private static final Map<String, Integer> PORT_ATTRIBUTES =
      Map.of("vxlan", 15, "geneve", 5, "bareudp", 1);

  /** The ports of kinds that have fixed ones (drivers/net/gtp.c); 0 if only root may ask for it. */
  private static final Map<String, List<Integer>> FIXED_PORTS =
      Map.of("gtp", List.of(2152, 3386), "wireguard", List.of(0));

  /**
   * A tunnel.
   *
   * @param module the kind of the link
   * @param port 0 if it is not known
   */
  public record Tunnel(String module, int port) {}

  /**
   * Asks the kernel, in the network namespace of the calling thread.
   *
   * @throws KernelException if the kernel refuses or fails
   */
  public static TunnelPorts read() throws KernelException {
    List<Tunnel> found = new ArrayList<>();
    NetworkLinks.dump(
        (bytes, type, from, to) -> {
          if (found.size() < NetworkLinks.MOST) {
            addLink(bytes, from, to, found);
          }
        });
    return new TunnelPorts(found, mptcpPorts());
  }

  /** Without the right the owner of such a socket stays unknown, as that of any other one. */
  private static Set<Integer> mptcpPorts() {
    try {
      return MptcpEndpoints.ports();
    } catch (KernelException refused) {
      return Set.of();
    }
  }

  /** Adds the tunnel of one message, if it is one and is up. */
  static void addLink(ByteBuffer bytes, int from, int to, List<Tunnel> into)
      throws KernelException {
    boolean up =
        to - from >= NetworkLinks.INFO_SIZE && (bytes.getInt(from + FLAGS_AT) & IFF_UP) != 0;
    Attribute info =
        up
            ? Attribute.find(bytes, from + NetworkLinks.INFO_SIZE, to, NetworkLinks.IFLA_LINKINFO)
            : null;
    Attribute kind =
        info == null
            ? null
            : Attribute.find(bytes, info.from(), info.to(), NetworkLinks.IFLA_INFO_KIND);
    if (info == null || kind == null) {
      return;
    }
    String module = kind.text(bytes);
    FIXED_PORTS.getOrDefault(module, List.of()).forEach(port -> into.add(new Tunnel(module, port)));
    Integer wanted = PORT_ATTRIBUTES.get(module);
    Attribute data =
        wanted == null ? null : Attribute.find(bytes, info.from(), info.to(), IFLA_INFO_DATA);
    Attribute port =
        wanted == null || data == null
            ? null
            : Attribute.find(bytes, data.from(), data.to(), wanted);
    if (port != null && port.length() >= 2) {
      int at = port.from();
      into.add(new Tunnel(module, (bytes.get(at) & 0xFF) << 8 | (bytes.get(at + 1) & 0xFF)));
    }
  }

  /**
   * Returns the module that holds a socket, or {@code null} if no tunnel explains it.
   *
   * @param proven true if every process was searched and none holds the socket
   */
  public @Nullable String holder(KernelSocket socket, boolean proven) {
    if (socket.uid() != 0) {
      return null;
    }
    if (socket.transport() == Transport.TCP) {
      return mptcp.contains(socket.port()) ? "mptcp" : null;
    }
    if (socket.transport() != Transport.UDP) {
      return null;
    }
    return all.stream()
        .filter(one -> one.port() == socket.port() || (one.port() == 0 && proven))
        .map(Tunnel::module)
        .findFirst()
        .orElse(null);
  }
}
