package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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

  private final Ticker ticker;
  private final Set<Long> leftOut = new LinkedHashSet<>();
  private final Map<Long, ReadTimes> times = new HashMap<>();
  private Set<Long> resting = Set.of();
  private Duration begun = Duration.ZERO;

  /** When a namespace was last read, and when it was found or a process last came into it. */
  private record ReadTimes(Duration read, Duration stirred) {}

  ReadingTurns(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Starts a look.
   *
   * @param sinceLast the time since the last look
   * @param everything true if every namespace may have changed
   * @param stirred the inodes of those into which a process came
   * @return the host first, then what the last look left out, then the others
   */
  List<NetworkNamespace> begin(
      Collection<NetworkNamespace> all, Duration sinceLast, boolean everything, Set<Long> stirred) {
    begun = ticker.elapsed();
    times.keySet().retainAll(all.stream().map(NetworkNamespace::inode).collect(Collectors.toSet()));
    stirred.forEach(
        inode -> times.computeIfPresent(inode, (one, known) -> new ReadTimes(known.read(), begun)));
    resting = everything || sinceLast.compareTo(SOON) >= 0 ? Set.of() : resting(sinceLast);
    List<NetworkNamespace> order = new ArrayList<>(all.size());
    all.stream().filter(NetworkNamespace::isHost).forEach(order::add);
    for (Long inode : leftOut) {
      all.stream().filter(one -> !one.isHost() && one.inode() == inode).forEach(order::add);
    }
    all.stream().filter(one -> !one.isHost() && !leftOut.contains(one.inode())).forEach(order::add);
    leftOut.clear();
    return order;
  }

  /** Those that were read last; the others have their turn. */
  private Set<Long> resting(Duration sinceLast) {
    List<Long> idle =
        times.entrySet().stream()
            .filter(one -> !leftOut.contains(one.getKey()))
            .filter(one -> isIdle(one.getValue()))
            .sorted(Comparator.comparing(one -> one.getValue().read()))
            .map(Map.Entry::getKey)
            .toList();
    long turn = WHOLE_TURN.toMillis();
    int inTurn =
        (int) Math.min(idle.size(), (idle.size() * sinceLast.toMillis() + turn - 1) / turn);
    return Set.copyOf(idle.subList(inTurn, idle.size()));
  }

  private boolean isIdle(ReadTimes times) {
    return begun.minus(times.stirred()).compareTo(IDLE_AFTER) >= 0;
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
      times.merge(
          namespace.inode(),
          new ReadTimes(begun, begun),
          (known, now) -> new ReadTimes(begun, known.stirred()));
    }
    return inTime;
  }
}
