package io.portcurfew.observe.linux;

import io.portcurfew.observe.linux.namespace.NetworkNamespace;
import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Bounds the time in which a look reads the network namespaces, so that many of them cannot make
 * the look late. The namespaces that a look leaves out are read first in the next one.
 */
final class ReadingTurns {

  /** A quarter of the time limit of a source. */
  static final Duration MOST = Duration.ofSeconds(2);

  private final Ticker ticker;
  private final Set<Long> leftOut = new LinkedHashSet<>();
  private Duration begun = Duration.ZERO;

  ReadingTurns(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Starts a look; returns the host first, then what the last look left out, then the others. */
  List<NetworkNamespace> begin(Collection<NetworkNamespace> all) {
    begun = ticker.elapsed();
    List<NetworkNamespace> order = new ArrayList<>(all.size());
    all.stream().filter(NetworkNamespace::isHost).forEach(order::add);
    for (Long inode : leftOut) {
      all.stream().filter(one -> !one.isHost() && one.inode() == inode).forEach(order::add);
    }
    all.stream().filter(one -> !one.isHost() && !leftOut.contains(one.inode())).forEach(order::add);
    leftOut.clear();
    return order;
  }

  /** Returns true if this look may read the namespace; if not, it has its turn in the next one. */
  boolean admits(NetworkNamespace namespace) {
    boolean inTime = namespace.isHost() || ticker.since(begun).compareTo(MOST) < 0;
    if (!inTime) {
      leftOut.add(namespace.inode());
    }
    return inTime;
  }
}
