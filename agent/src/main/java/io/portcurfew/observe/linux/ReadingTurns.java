package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the network namespaces that a look reads, so that many of them make it neither late nor
 * expensive. Those for which it has no time are the first of the next one. If looks follow each
 * other within seconds, idle namespaces rest until their {@linkplain TurnClock turn}.
 */
final class ReadingTurns {

  /** A quarter of the time limit of a source. */
  static final Duration MOST = Duration.ofSeconds(2);

  /** A namespace is idle if it was known and no process came into it for this time. */
  static final Duration IDLE_AFTER = Duration.ofSeconds(30);

  private final Ticker ticker;
  private final Set<Long> leftOut = new LinkedHashSet<>();

  /** The time at which a namespace was found or a process last entered it, by inode. */
  private final Map<Long, Duration> stirredAt = new HashMap<>();

  private final Set<Long> resting = new HashSet<>();

  /** The host and those that do not rest. */
  private List<NetworkNamespace> awake = List.of();

  /** True if those that rest are to be found again: after a look that has read all. */
  private boolean restIsStale = true;

  private Duration begun = Duration.ZERO;

  ReadingTurns(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Starts a look.
   *
   * @param turn the part of the namespaces that this look reads
   * @param everything true if every namespace may have changed, or one is new or gone
   * @param stirred the inodes of those into which a process came
   * @return the host first, then those that the last look left out, then the others; those that
   *     {@link #rests rest} are in it only if they are asked
   */
  List<NetworkNamespace> begin(
      Collection<NetworkNamespace> all,
      TurnClock.LookTurn turn,
      boolean everything,
      Set<Long> stirred) {
    begun = ticker.elapsed();
    if (everything) {
      stirredAt
          .keySet()
          .retainAll(all.stream().map(NetworkNamespace::inode).collect(Collectors.toSet()));
    }
    for (Long inode : stirred) {
      stirredAt.replace(inode, begun);
    }
    boolean isFull = everything || turn.readsIdle();
    if (isFull) {
      resting.clear();
    } else if (restIsStale) {
      rest();
    }
    boolean isStirred = resting.removeAll(stirred);
    restIsStale = restIsStale || isFull || isStirred || !leftOut.isEmpty();
    resting.removeAll(leftOut);
    List<NetworkNamespace> order = awake;
    if (isFull || restIsStale || turn.asksResting()) {
      order = order(all);
      leftOut.clear();
    }
    if (!isFull && restIsStale) {
      awake = order.stream().filter(one -> !rests(one)).toList();
      restIsStale = false;
    }
    return turn.asksResting() || isFull ? order : awake;
  }

  /** The host first, then those that the last look left out, then the others. */
  private List<NetworkNamespace> order(Collection<NetworkNamespace> all) {
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
    return order;
  }

  /** Lets the idle ones rest, until the next turn. */
  private void rest() {
    Duration idleSince = begun.minus(IDLE_AFTER);
    for (Map.Entry<Long, Duration> one : stirredAt.entrySet()) {
      if (one.getValue().compareTo(idleSince) <= 0) {
        resting.add(one.getKey());
      }
    }
  }

  /** Returns the host and those that do not rest; none in a look that reads all. */
  List<NetworkNamespace> awake() {
    return restIsStale ? List.of() : awake;
  }

  /** Returns true if this look does not read the namespace, as it was read a moment ago. */
  boolean rests(NetworkNamespace namespace) {
    return !namespace.isHost() && resting.contains(namespace.inode());
  }

  /** Returns true if this look may read the namespace; if not, it has its turn in the next one. */
  boolean admits(NetworkNamespace namespace) {
    boolean inTime = namespace.isHost() || ticker.since(begun).compareTo(MOST) < 0;
    if (!inTime) {
      leftOut.add(namespace.inode());
    } else if (!namespace.isHost()) {
      restIsStale |= stirredAt.putIfAbsent(namespace.inode(), begun) == null;
    }
    return inTime;
  }
}
