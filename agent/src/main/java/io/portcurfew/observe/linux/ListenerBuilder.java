package io.portcurfew.observe.linux;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OrderedListeners;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketActivation;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.observe.linux.kernel.HeldSocket;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.owner.SocketHolders;
import io.portcurfew.observe.linux.owner.SocketOwners;
import io.portcurfew.observe.linux.owner.SocketUnits;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.text.CountedNoun;
import io.portcurfew.text.ShortList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** Creates listeners from sockets and owners, and reuses the list while nothing changes. */
final class ListenerBuilder {

  private static final int MAX_NAMED = 5;

  private final String source;
  private final ProcFs proc;
  private final SocketOwners owners;
  private final SocketUnits units;
  private final KernelHolders kernels;
  private final Map<Device, String> devices = new HashMap<>(0);
  private final Map<BoundAddress, Optional<SortedSet<String>>> places = new HashMap<>(0);
  private final Map<NetworkNamespace, InterfaceAddresses> interfaces = new HashMap<>(0);
  private List<Listener> listeners = List.of();
  private List<Gap> gaps = List.of();
  private long version = -1;
  private int refused;

  ListenerBuilder(String source, Path root, SocketOwners owners) {
    this.source = source;
    this.proc = new ProcFs(root);
    this.owners = owners;
    this.units = new SocketUnits(root);
    this.kernels = new KernelHolders(proc);
  }

  /** The listening sockets of one namespace. */
  record Part(NetworkNamespace namespace, Collection<KernelSocket> sockets) {}

  /** An interface that a socket is bound to. */
  private record Device(NetworkNamespace namespace, int index) {
    String name() {
      return namespace.tables().interfaceName(index);
    }
  }

  /** An address that a socket is bound to. */
  private record BoundAddress(NetworkNamespace namespace, Address address) {}

  /** Returns the gaps of the last list: missing owners, and transports that are not assessed. */
  List<Gap> gaps() {
    return gaps;
  }

  /** Returns the listeners of all namespaces, sorted by endpoint. */
  List<Listener> of(Collection<Part> parts, boolean changed) {
    long latest = owners.version();
    int refusedNow = owners.refusedProcesses();
    if (changed || latest != version || refusedNow != refused || areRenamed() || haveMoved()) {
      refused = refusedNow;
      build(parts);
      // Set last: if the list could not be built, the next scan builds it.
      version = latest;
    }
    return listeners;
  }

  /** Returns true if an interface was renamed since the last list; its sockets do not change. */
  private boolean areRenamed() {
    return !devices.isEmpty()
        && devices.entrySet().stream()
            .anyMatch(device -> !device.getKey().name().equals(device.getValue()));
  }

  /** Returns true if another interface has the address of a socket; its sockets do not change. */
  private boolean haveMoved() {
    if (places.isEmpty()) {
      return false;
    }
    Map<NetworkNamespace, InterfaceAddresses> now = new HashMap<>();
    return places.entrySet().stream()
        .anyMatch(
            place -> {
              BoundAddress bound = place.getKey();
              InterfaceAddresses known =
                  now.computeIfAbsent(
                      bound.namespace(), wanted -> new InterfaceAddresses(proc, wanted));
              return !Optional.ofNullable(known.of(bound.address())).equals(place.getValue());
            });
  }

  private @Nullable SortedSet<String> interfaces(NetworkNamespace namespace, Address address) {
    return InterfaceAddresses.decide(address)
        ? places
            .computeIfAbsent(
                new BoundAddress(namespace, address),
                bound ->
                    Optional.ofNullable(
                        interfaces
                            .computeIfAbsent(
                                namespace, wanted -> new InterfaceAddresses(proc, wanted))
                            .of(address)))
            .orElse(null)
        : null;
  }

  private void build(Collection<Part> parts) {
    Map<Endpoint, Listener> byEndpoint = new LinkedHashMap<>();
    units.forget();
    kernels.forget();
    devices.clear();
    places.clear();
    interfaces.clear();
    List<Endpoint> orphans = new ArrayList<>();
    Gap.Cause cause = causeOfNoOwner();
    List<Endpoint> pending = new ArrayList<>();
    for (Part part : parts) {
      for (KernelSocket socket : part.sockets()) {
        Address address = address(part.namespace(), socket);
        Protocol protocol = socket.transport().protocol();
        if (protocol != null && socket.port() > 0) {
          Endpoint endpoint =
              new Endpoint(protocol, address, socket.port(), part.namespace().name());
          List<Owner> holders = owners(socket, endpoint);
          if (socket.uid() == 0 && !owners.isHeld(socket) && !isSought(socket)) {
            boolean proven = cause == null && seesEveryProcess();
            List<Owner> kernel = kernels.holder(part.namespace(), socket, proven);
            holders = kernel.isEmpty() ? holders : kernel;
          }
          if (holders.isEmpty()) {
            (isSought(socket) ? pending : orphans).add(endpoint);
          }
          Listener seen =
              new Listener(endpoint, socket.dualStack(), holders, source)
                  .on(interfaces(part.namespace(), address));
          byEndpoint.merge(
              endpoint,
              holders.isEmpty() ? seen.without(whyNoOwner(socket, cause)) : seen,
              Listener::beside);
        }
      }
    }
    listeners = OrderedListeners.of(byEndpoint.values());
    gaps = gaps(orphans, pending, cause);
    gaps.addAll(leftOut());
  }

  private Address address(NetworkNamespace namespace, KernelSocket socket) {
    int index = socket.interfaceIndex();
    return socket
        .address()
        .in(
            index == 0
                ? null
                : devices.computeIfAbsent(new Device(namespace, index), Device::name));
  }

  /** Returns true if a search for its owner has not ended. */
  private boolean isSought(HeldSocket socket) {
    SocketHolders holders = owners.of(socket);
    return holders != null && holders.isSought();
  }

  private List<Owner> owners(KernelSocket socket, Endpoint endpoint) {
    SocketHolders holders = owners.of(socket);
    List<Owner> known = holders == null ? List.of() : holders.owners();
    boolean withSystemd = known.stream().anyMatch(owner -> owner.pid() == 1);
    SocketActivation unit = withSystemd ? units.activation(endpoint) : null;
    return unit == null ? known : SocketUnits.holders(known, unit);
  }

  /** Returns why the owner of a socket is not known. */
  UnknownOwner whyNoOwner(HeldSocket socket) {
    return whyNoOwner(socket, causeOfNoOwner());
  }

  /**
   * Returns why a socket has no owner. Sockets of the kernel belong to root. If the first thread of
   * a process ends, its descriptors are hidden, but the socket still shows its user.
   */
  private UnknownOwner whyNoOwner(HeldSocket socket, Gap.@Nullable Cause cause) {
    if (cause != null || !seesEveryProcess()) {
      return UnknownOwner.NO_RIGHT;
    }
    if (isSought(socket)) {
      return UnknownOwner.NOT_YET;
    }
    SocketHolders holders = owners.of(socket);
    if (holders != null && holders.isInFlight()) {
      return UnknownOwner.IN_FLIGHT;
    }
    return socket.uid() == 0 ? UnknownOwner.KERNEL : UnknownOwner.GONE;
  }

  private boolean seesEveryProcess() {
    return !Boolean.FALSE.equals(proc.isOfFirstPidNamespace());
  }

  private List<Gap> gaps(
      List<Endpoint> orphans, List<Endpoint> pending, Gap.@Nullable Cause cause) {
    List<Gap> result = new ArrayList<>();
    if (!pending.isEmpty()) {
      String why = "the search for the owners of " + summary(pending) + " has not ended yet";
      result.add(new Gap(source, Gap.What.OWNERS, why, Gap.Cause.OWNERS_NOT_YET));
    }
    if (!orphans.isEmpty()) {
      String why = "no owner of " + summary(orphans) + ": " + whyNoOwner(cause);
      result.add(new Gap(source, Gap.What.OWNERS, why, cause));
    }
    return result;
  }

  /** Returns a gap if the paths of owners are left out. */
  private List<Gap> leftOut() {
    long processes =
        listeners.stream()
            .flatMap(listener -> listener.owners().stream())
            .filter(owner -> owner.details().pathsLeftOut())
            .mapToInt(Owner::pid)
            .distinct()
            .count();
    String why =
        "the paths of "
            + CountedNoun.grouped(processes, "process", "processes")
            + " are left out: the long ones of their users fill their share";
    return processes == 0 ? List.of() : List.of(new Gap(source, Gap.What.OWNERS, why));
  }

  private static String summary(List<?> items) {
    return ShortList.of(items.stream().map(String::valueOf).sorted().toList(), MAX_NAMED);
  }

  private Gap.@Nullable Cause causeOfNoOwner() {
    if (refused > 0) {
      return Gap.Cause.PROCESSES_CLOSED;
    }
    return proc.ownerOf("proc/1") == null ? Gap.Cause.PROCESSES_HIDDEN : null;
  }

  private String whyNoOwner(Gap.@Nullable Cause cause) {
    if (cause == Gap.Cause.PROCESSES_CLOSED) {
      return "no right to read the descriptors of "
          + refused
          + " processes (this needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH)";
    }
    if (cause == Gap.Cause.PROCESSES_HIDDEN) {
      return "no visible process holds it, and those of other users are hidden (hidepid)";
    }
    if (Boolean.FALSE.equals(proc.isOfFirstPidNamespace())) {
      return "no process that is visible in this agent's own pid namespace holds it";
    }
    return "every process was readable and none holds it: a socket of the kernel itself"
        + " (NFS, VXLAN, WireGuard), or of a process whose first thread has ended";
  }
}
