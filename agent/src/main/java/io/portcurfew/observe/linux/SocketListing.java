package io.portcurfew.observe.linux;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.linux.kernel.SocketTable;
import io.portcurfew.observe.linux.namespace.Namespaces;
import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.util.List;
import java.util.Map;

/** Lists the sockets of the network namespaces that have their turn in a look. */
final class SocketListing {

  private final String source;
  private final ReadingTurns turns;

  SocketListing(String source, Ticker ticker) {
    this.source = source;
    this.turns = new ReadingTurns(ticker);
  }

  /**
   * Lists the sockets of the namespaces that have no part yet; of those without a turn the sockets
   * of the last look count.
   *
   * @param turn what has its turn in this look
   * @param everything true if every namespace may have changed
   * @return true if one has changed
   */
  boolean list(
      Namespaces namespaces,
      TurnClock.LookTurn turn,
      boolean everything,
      Map<NetworkNamespace, ListenerBuilder.Part> parts,
      List<Gap> gaps) {
    boolean changed = false;
    RowBound bound = RowBound.of(namespaces.all());
    List<NetworkNamespace> order =
        turns.begin(namespaces.all(), turn, everything, namespaces.stirred());
    boolean soon = !everything && turn.soon();
    for (NetworkNamespace namespace : order) {
      if (!parts.containsKey(namespace)) {
        SocketTable.Contents look = contents(namespace, bound.of(namespace), soon, turn.asks());
        gaps.addAll(look.gaps());
        parts.put(namespace, new ListenerBuilder.Part(namespace, look.sockets()));
        changed |= look.changed();
      }
    }
    return changed;
  }

  private SocketTable.Contents contents(
      NetworkNamespace namespace, int most, boolean soon, boolean asks) {
    if (turns.rests(namespace) && !(asks && namespace.tables().mayHaveWoken())) {
      return namespace.tables().again();
    }
    return turns.admits(namespace)
        ? namespace.tables().look(source, most, soon)
        : namespace.tables().leaveOut(source);
  }
}
