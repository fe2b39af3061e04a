package io.portcurfew.observe.linux;

import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.HookedProgram;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.owner.AskedSockets.AskedSocket;
import io.portcurfew.observe.linux.owner.RedirectingPrograms.HeldProgram;
import io.portcurfew.observe.linux.owner.WalkFinds;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.observe.linux.proc.ProcessFolder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The programs and sockets of other families that no list of the kernel shows, but a descriptor of
 * a process. Without CAP_NET_ADMIN a link is the only sign of a BPF program that no interface
 * shows; the kernel does not say in which network namespace the interface of a link is, so that of
 * the process is taken.
 */
final class DescriptorSockets {

  private final ProcFs proc;
  private WalkFinds latest = WalkFinds.NOTHING;
  private Map<NetworkNamespace, List<FamilySocket>> byNamespace = Map.of();

  DescriptorSockets(ProcFs proc) {
    this.proc = proc;
  }

  /** Forgets the namespaces that are gone; returns true if one had a socket. */
  boolean retain(Set<NetworkNamespace> all) {
    if (all.containsAll(byNamespace.keySet())) {
      return false;
    }
    latest = WalkFinds.NOTHING;
    byNamespace = new LinkedHashMap<>(byNamespace);
    return byNamespace.keySet().retainAll(all);
  }

  /** Records the programs and sockets; returns true if they have changed. */
  boolean add(WalkFinds finds, Collection<NetworkNamespace> all, LinkWatch links) {
    if (finds.programs().equals(latest.programs()) && finds.sockets().equals(latest.sockets())) {
      return false;
    }
    latest = finds;
    Map<Long, NetworkNamespace> known = new HashMap<>();
    all.forEach(namespace -> known.put(namespace.inode(), namespace));
    Map<NetworkNamespace, List<FamilySocket>> found = new LinkedHashMap<>();
    for (HeldProgram one : finds.programs()) {
      NetworkNamespace namespace = known.get(namespace(one));
      if (namespace != null) {
        add(namespace, links.socket(namespace, one.program()), found);
      }
    }
    for (AskedSocket one : finds.sockets()) {
      NetworkNamespace namespace =
          one.socket().family() == Family.VSOCK ? host(all) : known.get(one.namespace());
      if (namespace != null) {
        add(namespace, one.socket(), found);
      }
    }
    boolean changed = !found.equals(byNamespace);
    byNamespace = found;
    return changed;
  }

  private static void add(
      NetworkNamespace namespace,
      FamilySocket socket,
      Map<NetworkNamespace, List<FamilySocket>> into) {
    into.computeIfAbsent(namespace, other -> new ArrayList<>(1)).add(socket);
  }

  /** Vsock sockets of all namespaces are one table of the kernel. */
  private static @Nullable NetworkNamespace host(Collection<NetworkNamespace> all) {
    return all.stream().filter(NetworkNamespace::isHost).findFirst().orElse(null);
  }

  private @Nullable Long namespace(HeldProgram one) {
    HookedProgram program = one.program();
    if (program.namespace() != 0) {
      return program.namespace();
    }
    try (ProcessFolder process = proc.process(one.pid())) {
      return process == null ? null : process.networkNamespace();
    }
  }

  /** Returns the programs and sockets by namespace. */
  Map<NetworkNamespace, List<FamilySocket>> byNamespace() {
    return byNamespace;
  }
}
