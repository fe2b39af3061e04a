package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.Namespaces;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists the sockets of the network namespaces. A look does nothing for those that it does not read:
 * their sockets and gaps of the last one count.
 */
final class SocketListing {

  private final String source;
  private final ReadingTurns turns;
  private final Map<NetworkNamespace, ListenerBuilder.Part> parts = new LinkedHashMap<>();
  private final Set<NetworkNamespace> withGaps = new HashSet<>();
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
   * @param turn what has its turn in this look
   * @param everything true if every namespace may have changed, or one is new or gone
   * @param gaps receives the gaps of all namespaces
   * @return true if a socket has changed
   */
  boolean list(Namespaces namespaces, TurnClock.LookTurn turn, boolean everything, List<Gap> gaps) {
    Collection<NetworkNamespace> all = namespaces.all();
    if (everything) {
      Set<NetworkNamespace> known = new HashSet<>(all);
      parts.keySet().retainAll(known);
      withGaps.retainAll(known);
      bound = RowBound.of(all);
    }
    boolean changed = false;
    boolean soon = !everything && turn.soon();
    List<NetworkNamespace> readWithGaps = new ArrayList<>(0);
    for (NetworkNamespace namespace : turns.begin(all, turn, everything, namespaces.stirred())) {
      if (!turns.rests(namespace) || namespace.tables().mayHaveWoken()) {
        withGaps.remove(namespace);
        changed |= read(namespace, soon, gaps, readWithGaps);
      }
    }
    withGaps.forEach(namespace -> gaps.addAll(namespace.tables().again().gaps()));
    withGaps.addAll(readWithGaps);
    return changed;
  }

  /** Lists the sockets of namespaces that were found since {@link #list}. */
  void listNew(Namespaces namespaces, List<Gap> gaps) {
    bound = RowBound.of(namespaces.all());
    for (NetworkNamespace namespace : namespaces.all()) {
      if (!parts.containsKey(namespace)) {
        read(namespace, false, gaps, withGaps);
      }
    }
  }

  private boolean read(
      NetworkNamespace namespace,
      boolean soon,
      List<Gap> gaps,
      Collection<NetworkNamespace> readWithGaps) {
    SocketTable.Contents look =
        turns.admits(namespace)
            ? namespace.tables().look(source, bound.of(namespace), soon)
            : namespace.tables().leaveOut(source);
    parts.put(namespace, new ListenerBuilder.Part(namespace, look.sockets()));
    if (!look.gaps().isEmpty()) {
      gaps.addAll(look.gaps());
      readWithGaps.add(namespace);
    }
    return look.changed();
  }
}
