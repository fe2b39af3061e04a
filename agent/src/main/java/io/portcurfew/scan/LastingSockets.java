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
 * The UDP sockets that look like those of clients, and for how long each has been open. One that
 * stays open for {@link #LASTING} is judged as a server: a client asks, takes the answer, and
 * closes. Where events show that the kernel chose the port of a socket, it is that of a client.
 */
final class LastingSockets {

  /** The time after which a socket on a client port counts as that of a server. */
  static final Duration LASTING = Duration.ofMinutes(10);

  private final Map<Endpoint, Duration> since = new HashMap<>();
  private Set<Endpoint> lasting = Set.of();
  private Set<Endpoint> clients = Set.of();
  private List<Listener> seen = List.of();
  private @Nullable Snapshot marked;

  /** Counts these endpoints as lasting, because their alerts fired before a restart. */
  void resume(Collection<Endpoint> endpoints, Duration now) {
    endpoints.forEach(endpoint -> since.put(endpoint, now.minus(LASTING)));
  }

  /**
   * Returns the snapshot with the lasting sockets marked as servers and the known clients as such.
   * While nothing changes, the result has the same list of listeners.
   *
   * @param known the sockets that are known to be those of clients
   * @param now the monotonic time of the snapshot
   */
  // Comparing thousands of listeners at each scan would cost as much as judging them.
  @SuppressWarnings("ReferenceEquality")
  Snapshot mark(Snapshot snapshot, Set<Endpoint> known, Duration now) {
    boolean same = seen == snapshot.listeners() && clients.equals(known);
    if (!same) {
      clients = known;
      note(snapshot, now);
    }
    Set<Endpoint> old = old(now);
    if (old.isEmpty() && known.isEmpty()) {
      lasting = old;
      return snapshot;
    }
    Snapshot before = marked;
    if (before != null && same && old.equals(lasting)) {
      return snapshot.with(before.listeners());
    }
    lasting = old;
    Snapshot with =
        snapshot.with(snapshot.listeners().stream().map(one -> mark(one, old)).toList());
    marked = with;
    return with;
  }

  private Listener mark(Listener listener, Set<Endpoint> old) {
    Endpoint at = listener.endpoint();
    boolean isClient = clients.contains(at) && listener.server() == null;
    return old.contains(at)
        ? listener.asServer(true)
        : isClient ? listener.asServer(false) : listener;
  }

  private void note(Snapshot snapshot, Duration now) {
    seen = snapshot.listeners();
    marked = null;
    Set<Endpoint> open = new HashSet<>();
    for (Listener listener : seen) {
      boolean isGuess = listener.server() == null && !clients.contains(listener.endpoint());
      if (isGuess && snapshot.isOfClient(listener)) {
        open.add(listener.endpoint());
        since.putIfAbsent(listener.endpoint(), now);
      }
    }
    since.keySet().removeIf(endpoint -> !open.contains(endpoint) && snapshot.covers(endpoint));
  }

  private Set<Endpoint> old(Duration now) {
    if (since.isEmpty()) {
      return Set.of();
    }
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
