package io.portcurfew.scan;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The UDP sockets that look like those of clients, and the time since each is open. One that stays
 * open for {@link #LASTING} is judged as a server: a client asks, takes the answer, and closes.
 */
final class LastingSockets {

  /** The time after which a socket on a client port counts as that of a server. */
  static final Duration LASTING = Duration.ofMinutes(10);

  private final Map<Endpoint, Duration> since = new HashMap<>();
  private Set<Endpoint> lasting = Set.of();
  private List<Listener> seen = List.of();
  private @Nullable Snapshot marked;

  /** Counts these endpoints as lasting, because their alerts fired before a restart. */
  void resume(Collection<Endpoint> endpoints, Duration now) {
    endpoints.forEach(endpoint -> since.put(endpoint, now.minus(LASTING)));
  }

  /**
   * Returns the snapshot with the lasting sockets marked as servers. While nothing changes, the
   * result has the same list of listeners.
   *
   * @param now the monotonic time of the snapshot
   */
  // Comparing thousands of listeners at each scan would cost as much as judging them.
  @SuppressWarnings("ReferenceEquality")
  Snapshot mark(Snapshot snapshot, Duration now) {
    boolean same = seen == snapshot.listeners();
    if (!same) {
      note(snapshot, now);
    }
    Set<Endpoint> old = old(now);
    if (old.isEmpty()) {
      lasting = old;
      return snapshot;
    }
    Snapshot before = marked;
    if (before != null && same && old.equals(lasting)) {
      return snapshot.with(before.listeners());
    }
    lasting = old;
    Snapshot with =
        snapshot.with(
            snapshot.listeners().stream()
                .map(one -> old.contains(one.endpoint()) ? one.asServer(true) : one)
                .toList());
    marked = with;
    return with;
  }

  private void note(Snapshot snapshot, Duration now) {
    seen = snapshot.listeners();
    marked = null;
    Set<Endpoint> open = new HashSet<>();
    for (Listener listener : seen) {
      if (snapshot.isEphemeral(listener) && listener.server() == null) {
        open.add(listener.endpoint());
        since.putIfAbsent(listener.endpoint(), now);
      }
    }
    since.keySet().removeIf(endpoint -> !open.contains(endpoint) && snapshot.covers(endpoint));
  }

  private Set<Endpoint> old(Duration now) {
    Set<Endpoint> old = new HashSet<>();
    since.forEach(
        (endpoint, from) -> {
          if (now.minus(from).compareTo(LASTING) >= 0) {
            old.add(endpoint);
          }
        });
    return old;
  }
}
