package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Adds redirects to the listeners with a socket; a port that has both is one listener. The result
 * is the same list again while both are the same. For one caller at a time.
 */
public final class RedirectMerge {

  private List<Listener> sockets = List.of();
  private List<Listener> redirects = List.of();
  private List<Listener> merged = List.of();

  /** Creates an empty memory. */
  public RedirectMerge() {}

  /** The listeners of both, in order of endpoint. */
  // Comparing thousands of listeners in each look would cost more than the look.
  @SuppressWarnings("ReferenceEquality")
  public List<Listener> of(List<Listener> withSocket, List<Listener> without) {
    if (withSocket != sockets || without != redirects) {
      sockets = withSocket;
      redirects = without;
      merged = without.isEmpty() ? withSocket : merge(withSocket, without);
    }
    return merged;
  }

  private static List<Listener> merge(List<Listener> sockets, List<Listener> redirects) {
    SortedMap<Endpoint, Listener> all = new TreeMap<>();
    sockets.forEach(one -> all.put(one.endpoint(), one));
    redirects.forEach(one -> all.merge(one.endpoint(), one, Listener::and));
    return List.copyOf(all.values());
  }
}
