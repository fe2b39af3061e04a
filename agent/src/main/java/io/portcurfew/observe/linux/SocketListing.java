package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.NamespaceTables;
import io.portcurfew.observe.linux.namespace.Namespaces;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists the sockets of the network namespaces. A look does nothing for those that it does not read:
 * their sockets and gaps of the last one count.
 */
final class SocketListing {

  /** The number of searches for what is in the namespaces whose processes end during a look. */
  private static final int MOST_ATTEMPTS = 4;

  private final String source;
  private final ReadingTurns turns;
  private final Map<NetworkNamespace, ListenerBuilder.Part> parts = new LinkedHashMap<>();
  private final Set<NetworkNamespace> withGaps = new HashSet<>();

  /** Those that could not be read in this look, as their process has ended. */
  private final Set<NetworkNamespace> lost = new LinkedHashSet<>();

  /** Those that were read since a listener may have opened or closed in any of them. */
  private final Set<NetworkNamespace> unchanged = new HashSet<>();

  private Set<Protocol> quiet = Set.of();
  private boolean isOneForgotten;
  private boolean isOneLate;
  private RowBound bound = RowBound.of(List.of());

  SocketListing(String source, Ticker ticker) {
    this.source = source;
    this.turns = new ReadingTurns(ticker);
  }

  /** Returns the sockets of all namespaces as they were last listed. */
  Collection<ListenerBuilder.Part> parts() {
    return parts.values();
  }

  /** Returns the host and the namespaces that do not rest; none in a look that reads all. */
  List<NetworkNamespace> awake() {
    return turns.awake();
  }

  /**
   * Lists the sockets of the namespaces that have their turn.
   *
   * @param turn the part of the namespaces that this look reads
   * @param changes true if every namespace may have changed, or one is new or gone
   * @param watched the protocols of which events report each opening, so that it is such a change
   * @param gaps receives the gaps of all namespaces
   * @return true if a socket has changed
   */
  boolean list(
      Namespaces namespaces,
      TurnClock.LookTurn turn,
      boolean changes,
      Set<Protocol> watched,
      List<Gap> gaps) {
    Collection<NetworkNamespace> all = namespaces.all();
    boolean everything = changes || isOneForgotten;
    isOneForgotten = false;
    lost.clear();
    if (everything || !watched.equals(quiet)) {
      unchanged.clear();
      quiet = watched;
    }
    if (everything) {
      Set<NetworkNamespace> known = new HashSet<>(all);
      parts.keySet().retainAll(known);
      withGaps.retainAll(known);
      bound = RowBound.of(all);
    }
    boolean changed = false;
    List<NetworkNamespace> readWithGaps = new ArrayList<>(0);
    for (NetworkNamespace namespace : turns.begin(all, turn, everything, namespaces.stirred())) {
      if (!turns.rests(namespace) || namespace.tables().mayHaveWoken()) {
        boolean isLate = withGaps.remove(namespace) || isFoundLate(namespace, namespaces);
        SocketTable.Contents look = read(namespace, since(namespace, turn));
        isOneLate |= isLate && look.changed() && !look.sockets().isEmpty();
        changed |= look.changed();
        if (namespace.tables().hasLostProcess()) {
          lost.add(namespace);
        } else if (!look.gaps().isEmpty()) {
          gaps.addAll(look.gaps());
          readWithGaps.add(namespace);
        }
      }
    }
    withGaps.forEach(namespace -> gaps.addAll(namespace.tables().again().gaps()));
    withGaps.addAll(readWithGaps);
    return changed;
  }

  /** Returns true if the namespace is listed for the first time and may have been missed before. */
  private boolean isFoundLate(NetworkNamespace namespace, Namespaces namespaces) {
    return !parts.containsKey(namespace)
        && (namespaces.wasBehind() || !namespaces.stirred().contains(namespace.inode()));
  }

  /**
   * Returns true if sockets were listed since the last call that an earlier look may have missed.
   */
  boolean takeLate() {
    boolean late = isOneLate;
    isOneLate = false;
    return late;
  }

  /** Lists the sockets of namespaces that were found since {@link #list}. */
  void listNew(Namespaces namespaces, List<Gap> gaps) {
    bound = RowBound.of(namespaces.all());
    for (NetworkNamespace namespace : namespaces.all()) {
      if (!parts.containsKey(namespace)) {
        SocketTable.Contents look = read(namespace, NamespaceTables.SinceLook.UNKNOWN);
        isOneLate |= !look.sockets().isEmpty();
        addGaps(namespace, look, gaps);
      }
    }
  }

  /**
   * Forgets the namespaces that have ended since the look began, and reads those in which another
   * process is; the owners are known by now. Of one in which no process is, while a holder of its
   * sockets is searched for, the last sockets count. One that only a socket keeps has a gap.
   *
   * @return true if one was forgotten or read
   * @throws InterruptedException if the thread is interrupted while it waits for a process
   */
  boolean settle(Namespaces namespaces, OwnerLook owners, List<Gap> gaps)
      throws InterruptedException {
    boolean changed = forgetEnded(namespaces, owners);
    // The processes of a container end one after the other, and this look goes on meanwhile.
    for (int left = MOST_ATTEMPTS; left > 0 && !lost.isEmpty(); left--) {
      boolean isOneFound = readThroughOthers(gaps);
      if (!owners.searchInsteadOfEnding(lost) && !isOneFound) {
        break;
      }
      changed |= isOneFound;
      changed |= forgetEnded(namespaces, owners);
    }
    for (NetworkNamespace namespace : lost) {
      Collection<KernelSocket> last = namespace.tables().sockets();
      if (namespace.tables().hasLostProcess() && last.stream().anyMatch(owners::isSought)) {
        parts.put(namespace, new ListenerBuilder.Part(namespace, last));
        changed = true;
      } else {
        addGaps(namespace, namespace.tables().again(), gaps);
      }
    }
    lost.clear();
    return changed;
  }

  /** Forgets those that nothing keeps any more; returns true if one was forgotten. */
  private boolean forgetEnded(Namespaces namespaces, OwnerLook owners) {
    if (lost.isEmpty()) {
      return false;
    }
    List<NetworkNamespace> ended = namespaces.removeEnded(lost, owners.mayBeHeld());
    ended.forEach(lost::remove);
    ended.forEach(parts::remove);
    isOneForgotten |= !ended.isEmpty();
    return !ended.isEmpty();
  }

  /** Reads those in which another process is; returns true if there is one. */
  private boolean readThroughOthers(List<Gap> gaps) {
    boolean isOneFound = false;
    for (NetworkNamespace namespace : List.copyOf(lost)) {
      if (!namespace.tables().hasLostProcess()) {
        isOneFound = true;
        SocketTable.Contents look = read(namespace, NamespaceTables.SinceLook.UNKNOWN);
        // That process may have ended by now, too.
        if (!namespace.tables().hasLostProcess()) {
          lost.remove(namespace);
          addGaps(namespace, look, gaps);
        }
      }
    }
    return isOneFound;
  }

  private NamespaceTables.SinceLook since(NetworkNamespace one, TurnClock.LookTurn turn) {
    return new NamespaceTables.SinceLook(turn.soon(), unchanged.contains(one) ? quiet : Set.of());
  }

  private SocketTable.Contents read(NetworkNamespace namespace, NamespaceTables.SinceLook since) {
    SocketTable.Contents look;
    if (turns.admits(namespace)) {
      look = namespace.tables().look(source, bound.of(namespace), since);
      unchanged.add(namespace);
    } else {
      look = namespace.tables().leaveOut(source);
    }
    parts.put(namespace, new ListenerBuilder.Part(namespace, look.sockets()));
    return look;
  }

  private void addGaps(NetworkNamespace namespace, SocketTable.Contents look, List<Gap> gaps) {
    if (!look.gaps().isEmpty()) {
      gaps.addAll(look.gaps());
      withGaps.add(namespace);
    }
  }
}
