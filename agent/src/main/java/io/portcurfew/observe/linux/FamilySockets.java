package io.portcurfew.observe.linux;

import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.SocketPlace.Family;
import io.portcurfew.observe.linux.kernel.FamilySocket;
import io.portcurfew.observe.linux.kernel.KernelException;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.observe.linux.netlink.NetworkLinks;
import io.portcurfew.observe.linux.owner.WalkFinds;
import io.portcurfew.observe.linux.proc.ProcFs;
import io.portcurfew.process.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The packet, raw, vsock, XDP and TUN sockets, and the programs at hooks: those of the host are
 * read at each look, those of the other network namespaces in turns.
 */
final class FamilySockets implements AutoCloseable {

  /** The number of namespaces that do not rest, and are looked at in a look without a turn. */
  private static final int AWAKE_IN_LOOK = 2;

  private static final FamilyReader.FamilyPart NO_SOCKETS =
      new FamilyReader.FamilyPart(List.of(), Map.of());

  private final FamilyTexts texts;
  private final FamilyReader reader;
  private final LinkWatch links = new LinkWatch(Ticker.SYSTEM);
  private final DescriptorSockets fromDescriptors;
  private final ToIntFunction<NetworkNamespace> ownSockets;
  private final Map<NetworkNamespace, FamilyReader.FamilyPart> parts = new LinkedHashMap<>();
  private int awakeLooked;
  private final Deque<NetworkNamespace> turns = new ArrayDeque<>();

  /**
   * Knows no socket yet.
   *
   * @param ownSockets returns how many sockets the agent has in another namespace beside that of
   *     its table; it may leave some out, but never counts one that is closed
   */
  FamilySockets(ProcFs proc, ToIntFunction<NetworkNamespace> ownSockets) {
    this.ownSockets = ownSockets;
    this.texts = new FamilyTexts(proc);
    this.reader = new FamilyReader(texts);
    this.fromDescriptors = new DescriptorSockets(proc);
  }

  /**
   * Looks at the host, at new namespaces, at those that have their turn, and at some that do not
   * rest.
   *
   * @param areOthers true if a namespace may have come or gone since the last look
   * @param turn the part of the namespaces that this look reads
   * @param awake the namespaces that do not rest
   * @return true if a socket was opened or closed, or has changed
   */
  boolean look(
      Collection<NetworkNamespace> all,
      boolean areOthers,
      TurnClock.LookTurn turn,
      List<NetworkNamespace> awake) {
    boolean changed = areOthers && retain(Set.copyOf(all));
    links.beginLook(turn.soon());
    reader.beginLook();
    for (NetworkNamespace namespace : all) {
      if (namespace.isHost() || (areOthers && !parts.containsKey(namespace))) {
        changed |= read(namespace, false);
      }
    }
    for (int i = Math.min(AWAKE_IN_LOOK, awake.size()); i > 0 && !turn.readsIdle(); i--) {
      NetworkNamespace next = awake.get(Math.floorMod(awakeLooked++, awake.size()));
      if (!next.isHost() && parts.containsKey(next)) {
        changed |= read(next, turn.soon());
      }
    }
    if (turn.share(all.size()) == all.size()) {
      turns.clear();
    }
    for (int i = turn.share(all.size()); i > 0; i--) {
      if (turns.isEmpty()) {
        turns.addAll(all);
      }
      NetworkNamespace next = turns.remove();
      if (!next.isHost() && parts.containsKey(next)) {
        changed |= read(next, turn.soon());
      }
    }
    return changed;
  }

  /** Forgets all other namespaces; returns true if one had a socket. */
  private boolean retain(Set<NetworkNamespace> all) {
    links.retain(all);
    boolean changed = parts.keySet().retainAll(all);
    return fromDescriptors.retain(all) || changed;
  }

  /**
   * Adds the sockets that the walks through descriptors found and no list of the kernel shows.
   *
   * @return true if that has changed
   */
  boolean add(WalkFinds finds, Collection<NetworkNamespace> all) {
    return fromDescriptors.add(finds, all, links);
  }

  /** Returns the sockets of all namespaces. */
  Collection<FamilySocket> sockets() {
    List<FamilySocket> sockets = new ArrayList<>();
    parts().forEach((namespace, part) -> sockets.addAll(part.sockets()));
    return sockets;
  }

  /** Returns the sockets by namespace. */
  Map<NetworkNamespace, FamilyReader.FamilyPart> parts() {
    if (fromDescriptors.byNamespace().isEmpty()) {
      return parts;
    }
    Set<Long> listed = new HashSet<>();
    parts.values().forEach(part -> part.sockets().forEach(one -> listed.add(one.inode())));
    Map<NetworkNamespace, FamilyReader.FamilyPart> all = new LinkedHashMap<>(parts);
    fromDescriptors
        .byNamespace()
        .forEach(
            (namespace, sockets) ->
                all.computeIfPresent(
                    namespace,
                    (one, part) ->
                        part.with(
                            sockets.stream()
                                .filter(socket -> !listed.contains(socket.inode()))
                                .toList())));
    return all;
  }

  /** Returns the numbers of the holders of the BPF programs among the sockets. */
  Set<Long> programs() {
    return sockets().stream()
        .filter(socket -> socket.family() == Family.BPF)
        .map(FamilySocket::inode)
        .collect(Collectors.toSet());
  }

  /** Returns the families that could not be listed. */
  List<OtherSockets.Unlisted> unlisted() {
    List<OtherSockets.Unlisted> all = new ArrayList<>();
    parts.forEach(
        (namespace, part) -> {
          List<FamilySocket> held =
              fromDescriptors.byNamespace().getOrDefault(namespace, List.of());
          part.unlisted()
              .forEach(
                  (family, reason) -> {
                    if (!reason.isFilledBy(held, family)) {
                      all.add(
                          new OtherSockets.Unlisted(
                              family, namespace.name(), reason.why(), reason.limit()));
                    }
                  });
        });
    return all;
  }

  private boolean read(NetworkNamespace namespace, boolean soon) {
    boolean none = soon && namespace.tables().hasOnlyOwnSockets(ownSockets.applyAsInt(namespace));
    FamilyReader.FamilyPart listed = none ? NO_SOCKETS : reader.read(namespace);
    FamilyReader.FamilyPart now = withDevices(namespace, listed);
    return !now.equals(parts.put(namespace, now));
  }

  /** The right to enter another namespace is one that the service does not have. */
  private FamilyReader.FamilyPart withDevices(
      NetworkNamespace namespace, FamilyReader.FamilyPart part) {
    try {
      links.look(namespace, texts.text(namespace, "dev"));
    } catch (KernelException tooLong) {
      links.look(namespace, null);
    }
    List<FamilySocket> sockets = links.sockets(namespace);
    String refusal = links.refusal(namespace);
    String unread = links.unread(namespace);
    if (sockets.isEmpty() && refusal.isEmpty() && unread.isEmpty()) {
      return part;
    }
    Map<Family, FamilyReader.UnlistedReason> unlisted = new LinkedHashMap<>(part.unlisted());
    if (!refusal.isEmpty()) {
      unlisted.put(Family.TUN, new FamilyReader.UnlistedReason(refusal, !namespace.isHost()));
    }
    // Without the right for a part of them BpfPrograms states a limit.
    if (!unread.isEmpty() && !unread.equals(NetworkLinks.NEEDS_RIGHT)) {
      FamilyReader.UnlistedReason reason =
          new FamilyReader.UnlistedReason(unread, !namespace.isHost());
      unlisted.put(Family.BPF, reason);
      unlisted.put(Family.TC, reason);
    }
    return new FamilyReader.FamilyPart(part.with(sockets).sockets(), unlisted);
  }

  @Override
  public void close() {
    texts.close();
  }
}
