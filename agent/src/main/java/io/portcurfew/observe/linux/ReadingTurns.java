package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the network namespaces that a look reads, so that many of them make it neither late nor
 * dear. What a look has no time for is read first in the next one. If looks follow each other
 * within seconds, idle namespaces are read in turns: each once in {@link #WHOLE_TURN}.
 */
final class ReadingTurns {

  /** A quarter of the time limit of a source. */
  static final Duration MOST = Duration.ofSeconds(2);

  /** Looks that are further apart read every namespace. */
  static final Duration SOON = Duration.ofSeconds(5);

  static final Duration WHOLE_TURN = Duration.ofSeconds(10);

  /** A namespace is idle if it was known and no process came into it for this time. */
  static final Duration IDLE_AFTER = Duration.ofSeconds(30);

  /** The number of other namespaces in one turn; of frequent looks a share. */
  private static final int MOST_OF_TURN = 64;

  private static final int LEAST_OF_TURN = 2;

  /** The number of looks in which each resting namespace is asked once if it has woken. */
  static final int LOOKS_PER_QUESTION = 4;

  /** Spreads the numbers of namespaces, which often differ by the same amount. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Ticker ticker;
  private final Set<Long> leftOut = new LinkedHashSet<>();

  /**
   * When a namespace was found or a process last came into it, by inode; in the order in which the
   * namespaces were last read.
   */
  private final Map<Long, Duration> stirredAt = new LinkedHashMap<>();

  private final Set<Long> resting = new HashSet<>();
  private Duration begun = Duration.ZERO;
  private int looks;

  ReadingTurns(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Starts a look.
   *
   * @param sinceLast the time since the last look
   * @param everything true if every namespace may have changed, or one is new or gone
   * @param stirred the inodes of those into which a process came
   * @return the host first, then what the last look left out, then the others
   */
  List<NetworkNamespace> begin(
      Collection<NetworkNamespace> all, Duration sinceLast, boolean everything, Set<Long> stirred) {
    begun = ticker.elapsed();
    looks++;
    if (everything) {
      stirredAt
          .keySet()
          .retainAll(all.stream().map(NetworkNamespace::inode).collect(Collectors.toSet()));
    }
    for (Long inode : stirred) {
      stirredAt.replace(inode, begun);
    }
    resting.clear();
    if (!everything && sinceLast.compareTo(SOON) < 0) {
      rest(sinceLast);
    }
    List<NetworkNamespace> order = new ArrayList<>(all.size());
    for (NetworkNamespace one : all) {
      if (one.isHost()) {
        order.add(one);
      }
    }
    for (Long inode : leftOut) {
      all.stream().filter(one -> !one.isHost() && one.inode() == inode).forEach(order::add);
    }
    for (NetworkNamespace one : all) {
      if (!one.isHost() && !leftOut.contains(one.inode())) {
        order.add(one);
      }
    }
    leftOut.clear();
    return order;
  }

  /** Lets those rest that were read last; the others have their turn. */
  private void rest(Duration sinceLast) {
    Duration idleSince = begun.minus(IDLE_AFTER);
    for (Map.Entry<Long, Duration> one : stirredAt.entrySet()) {
      if (one.getValue().compareTo(idleSince) <= 0 && !leftOut.contains(one.getKey())) {
        resting.add(one.getKey());
      }
    }
    long turn = WHOLE_TURN.toMillis();
    long inTurn = (resting.size() * sinceLast.toMillis() + turn - 1) / turn;
    for (Long inode : stirredAt.keySet()) {
      if (inTurn > 0 && resting.remove(inode)) {
        inTurn--;
      }
    }
  }

  /**
   * Returns how many of these namespaces have their turn in a look: frequent looks reach each one
   * once in {@link #WHOLE_TURN}.
   */
  static int share(int all, Duration sinceLast) {
    if (sinceLast.compareTo(SOON) >= 0) {
      return MOST_OF_TURN;
    }
    long share = all * sinceLast.toMillis() / WHOLE_TURN.toMillis();
    return (int) Math.min(MOST_OF_TURN, Math.max(LEAST_OF_TURN, share));
  }

  /** Returns true if this look does not read the namespace, as it was read a moment ago. */
  boolean rests(NetworkNamespace namespace) {
    return !namespace.isHost() && resting.contains(namespace.inode());
  }

  /** Returns true if a namespace that rests is asked in this look if it has woken. */
  boolean asks(NetworkNamespace namespace) {
    int place = (int) ((namespace.inode() * SPREAD) >>> 40);
    return (place + looks) % LOOKS_PER_QUESTION == 0;
  }

  /** Returns true if this look may read the namespace; if not, it has its turn in the next one. */
  boolean admits(NetworkNamespace namespace) {
    boolean inTime = namespace.isHost() || ticker.since(begun).compareTo(MOST) < 0;
    if (!inTime) {
      leftOut.add(namespace.inode());
    } else if (!namespace.isHost()) {
      Duration known = stirredAt.remove(namespace.inode());
      stirredAt.put(namespace.inode(), known == null ? begun : known);
    }
    return inTime;
  }
}
