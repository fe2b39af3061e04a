package io.portcurfew.observe.linux;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.PacketHook;
import io.portcurfew.observe.linux.kernel.Transport;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.owner.SocketHolders;
import io.portcurfew.observe.linux.owner.SocketOwners;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Describes the sockets of other families; the result is reused while nothing changes. */
final class OtherSocketBuilder {

  /** linux/vm_sockets.h, VMADDR_CID_ANY. */
  private static final long ANY_CID = 0xFFFFFFFFL;

  private final SocketOwners owners;
  private final Function<HeldSocket, UnknownOwner> whyNoOwner;
  private OtherSockets latest = OtherSockets.NOT_LOOKED;
  private List<String> limits = List.of();
  private long version = -1;

  /**
   * Creates a builder without a result.
   *
   * @param whyNoOwner returns why the owner of a socket is not known
   */
  OtherSocketBuilder(SocketOwners owners, Function<HeldSocket, UnknownOwner> whyNoOwner) {
    this.owners = owners;
    this.whyNoOwner = whyNoOwner;
  }

  /**
   * Returns the sockets of all namespaces; the same object again while nothing changes.
   *
   * @param parts the sockets with ports, of which only those of other transports are used
   */
  OtherSockets of(Collection<ListenerBuilder.Part> parts, FamilySockets families, boolean changed) {
    if (!changed && owners.version() == version && latest.looked()) {
      return latest;
    }
    Map<SocketPlace, OtherSocket> byPlace = new TreeMap<>();
    for (ListenerBuilder.Part part : parts) {
      for (KernelSocket socket : part.sockets()) {
        SocketPlace.Family family = family(socket.transport());
        if (family != null && socket.port() > 0) {
          add(byPlace, place(family, socket, part.namespace()), socket, null, null);
        }
      }
    }
    families
        .parts()
        .forEach(
            (namespace, part) -> {
              for (FamilySocket socket : part.sockets()) {
                SocketPlace place = place(socket, namespace);
                add(byPlace, place, socket, socket.filtered(), socket.fanout());
              }
            });
    version = owners.version();
    latest = new OtherSockets(true, List.copyOf(byPlace.values()), families.unlisted());
    limits = latest.limits();
    return latest;
  }

  /** Returns the limits of the latest sockets. */
  List<String> limits() {
    return limits;
  }

  private void add(
      Map<SocketPlace, OtherSocket> byPlace,
      SocketPlace place,
      HeldSocket socket,
      @Nullable Boolean filtered,
      @Nullable Integer fanout) {
    SocketHolders holders = owners.of(socket);
    List<Owner> known = holders == null ? List.of() : holders.owners();
    UnknownOwner cause = known.isEmpty() ? whyNoOwner.apply(socket) : null;
    if (known.isEmpty() && isKernels(place, cause)) {
      known = List.of(Owner.ofKernel(place.family().label()));
      cause = null;
    }
    byPlace.merge(
        place, new OtherSocket(place, 1, filtered, fanout, known, cause), OtherSocket::and);
  }

  /** True for a program or an action that its interface keeps, or a pinned link. */
  private static boolean isKernels(SocketPlace place, @Nullable UnknownOwner cause) {
    return switch (place.family()) {
      case TC -> true;
      case BPF ->
          cause == UnknownOwner.KERNEL
              || (cause != UnknownOwner.NOT_YET
                  && PacketHook.KEPT_BY_INTERFACE.contains(place.protocol()));
      default -> false;
    };
  }

  /** Returns the family of a transport that the ports of a policy do not cover. */
  static SocketPlace.@Nullable Family family(Transport transport) {
    return switch (transport) {
      case TCP, UDP -> null;
      case UDPLITE -> SocketPlace.Family.UDPLITE;
      case SCTP -> SocketPlace.Family.SCTP;
    };
  }

  private static SocketPlace place(
      SocketPlace.Family family, KernelSocket socket, NetworkNamespace namespace) {
    String address = socket.address().toString();
    String shown = socket.ipv6() ? "[" + address + "]" : address;
    String device = device(socket.interfaceIndex(), namespace);
    return new SocketPlace(family, null, shown, (long) socket.port(), device, namespace.name());
  }

  private static SocketPlace place(FamilySocket socket, NetworkNamespace namespace) {
    String protocol =
        switch (socket.family()) {
          case PACKET -> ProtocolNames.ethernet(socket.protocol());
          case RAW -> ProtocolNames.ip(socket.protocol());
          case BPF, TC -> PacketHook.of(socket.protocol()).label();
          default -> null;
        };
    boolean vsock = socket.family() == SocketPlace.Family.VSOCK;
    boolean ported = vsock || socket.port() > 0;
    Address bound = socket.address();
    String address =
        bound == null ? null : ported && bound.isIpv6() ? "[" + bound + "]" : bound.toString();
    return new SocketPlace(
        socket.family(),
        protocol,
        vsock ? cid(socket.cid()) : address,
        ported ? Long.valueOf(socket.port()) : null,
        device(socket.interfaceIndex(), namespace),
        namespace.name());
  }

  private static String cid(long cid) {
    return cid == ANY_CID ? "any" : Long.toString(cid);
  }

  private static @Nullable String device(int index, NetworkNamespace namespace) {
    return index == 0 ? null : namespace.tables().interfaceName(index);
  }
}
