package io.portcurfew.observe.linux;

import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.proc.ProcFs;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The packet, raw, vsock, XDP and TUN sockets: those of the host are read at each look, those of
 * the other network namespaces in turns.
 */
final class FamilySockets {

  /** The number of other namespaces in one look after {@link #WHOLE_TURN}; in proportion before. */
  private static final int MOST_OTHERS = 64;

  private static final int FEWEST_OTHERS = 2;

  private static final Duration WHOLE_TURN = Duration.ofSeconds(5);

  private final FamilyReader reader;
  private final LinkWatch links = new LinkWatch();
  private final Map<NetworkNamespace, FamilyReader.FamilyPart> parts = new LinkedHashMap<>();
  private final Deque<NetworkNamespace> turns = new ArrayDeque<>();

  FamilySockets(ProcFs proc) {
    this.reader = new FamilyReader(proc);
  }

  /**
   * Looks at the host, at new namespaces and at the next ones in turn.
   *
   * @param sinceLast the time since the last look
   * @return true if a socket was opened or closed, or has changed
   */
  boolean look(Collection<NetworkNamespace> all, Duration sinceLast) {
    Set<NetworkNamespace> now = Set.copyOf(all);
    boolean changed = parts.keySet().retainAll(now);
    links.retain(now);
    reader.beginLook();
    for (NetworkNamespace namespace : all) {
      if (namespace.isHost() || !parts.containsKey(namespace)) {
        changed |= read(namespace);
      }
    }
    for (int i = others(sinceLast); i > 0; i--) {
      if (turns.isEmpty()) {
        turns.addAll(all);
      }
      NetworkNamespace next = turns.remove();
      if (!next.isHost() && parts.containsKey(next)) {
        changed |= read(next);
      }
    }
    return changed;
  }

  private static int others(Duration sinceLast) {
    double share = Math.min(1, (double) sinceLast.toMillis() / WHOLE_TURN.toMillis());
    return Math.max(FEWEST_OTHERS, (int) (MOST_OTHERS * share));
  }

  /** Returns the sockets of all namespaces. */
  Collection<FamilySocket> sockets() {
    List<FamilySocket> sockets = new ArrayList<>();
    parts.values().forEach(part -> sockets.addAll(part.sockets()));
    return sockets;
  }

  /** Returns the sockets by namespace. */
  Map<NetworkNamespace, FamilyReader.FamilyPart> parts() {
    return parts;
  }

  /** Returns the families that could not be listed. */
  List<OtherSockets.Unlisted> unlisted() {
    List<OtherSockets.Unlisted> all = new ArrayList<>();
    parts.forEach(
        (namespace, part) ->
            part.unlisted()
                .forEach(
                    (family, reason) ->
                        all.add(
                            new OtherSockets.Unlisted(
                                family, namespace.name(), reason.why(), reason.limit()))));
    return all;
  }

  private boolean read(NetworkNamespace namespace) {
    FamilyReader.FamilyPart now = withDevices(namespace, reader.read(namespace));
    return !now.equals(parts.put(namespace, now));
  }

  /** The right to enter another namespace is one that the service does not have. */
  private FamilyReader.FamilyPart withDevices(
      NetworkNamespace namespace, FamilyReader.FamilyPart part) {
    try {
      links.look(namespace, reader.lines(namespace, "dev"));
    } catch (KernelException tooLong) {
      links.look(namespace, null);
    }
    List<FamilySocket> devices = links.devices(namespace);
    String refusal = links.refusal(namespace);
    if (devices.isEmpty() && refusal.isEmpty()) {
      return part;
    }
    List<FamilySocket> sockets = new ArrayList<>(part.sockets());
    sockets.addAll(devices);
    Map<Family, FamilyReader.UnlistedReason> unlisted = new LinkedHashMap<>(part.unlisted());
    if (!refusal.isEmpty()) {
      unlisted.put(Family.TUN, new FamilyReader.UnlistedReason(refusal, !namespace.isHost()));
    }
    return new FamilyReader.FamilyPart(sockets, unlisted);
  }

  /** Returns the interfaces with an XDP program, in words; empty if there is none. */
  String programs() {
    return links.programs();
  }
}
