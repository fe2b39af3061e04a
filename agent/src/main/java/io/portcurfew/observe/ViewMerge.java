package io.portcurfew.observe;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Merges the views of several sources into one list of listeners and finds the differences between
 * complete sources. The order of the views only decides which one takes precedence for the facts of
 * an owner.
 *
 * <p>Sources report addresses with different precision: only ss knows the interface that a socket
 * is bound to, and BSD netstat cuts IPv6 addresses. So a less precise endpoint counts as the
 * precise one of another source, unless a single source shows both.
 */
final class ViewMerge {

  private record PortKey(Protocol protocol, int port, String namespace) {}

  private final List<View> views;
  private final Map<Endpoint, Set<String>> shownBy = new HashMap<>();
  private final Map<PortKey, List<Endpoint>> exactAt;

  private ViewMerge(List<View> views) {
    this.views = views;
    for (View view : views) {
      for (Listener listener : view.listeners()) {
        shownBy.computeIfAbsent(listener.endpoint(), e -> new HashSet<>()).add(view.source());
      }
    }
    boolean someAreCut = shownBy.keySet().stream().anyMatch(endpoint -> endpoint.address().cut());
    this.exactAt =
        shownBy.keySet().stream()
            .filter(endpoint -> someAreCut || endpoint.address().zone() != null)
            .collect(Collectors.groupingBy(ViewMerge::portKey));
  }

  /** Returns one listener for each endpoint; a single view keeps its own list. */
  static List<Listener> listeners(List<View> views) {
    return views.size() == 1 ? views.get(0).listeners() : new ViewMerge(views).merge();
  }

  /** Returns the endpoints that one source shows and a complete view of another lacks. */
  static List<Disagreement> disagreements(List<View> views, Collection<Listener> merged) {
    if (views.size() == 1) {
      return List.of();
    }
    Set<String> complete =
        views.stream().filter(View::complete).map(View::source).collect(Collectors.toSet());
    return merged.stream()
        .filter(listener -> listener.endpoint().namespace().equals(Endpoint.HOST))
        .filter(Listener::hasSocket)
        .map(listener -> disagreement(listener, complete))
        .filter(found -> !found.missedBy().isEmpty())
        .toList();
  }

  private static Disagreement disagreement(Listener listener, Set<String> complete) {
    SortedSet<String> missed = new TreeSet<>(complete);
    missed.removeAll(listener.seenBy());
    return new Disagreement(listener.endpoint(), listener.seenBy(), missed);
  }

  private List<Listener> merge() {
    Map<Endpoint, Listener> merged = new TreeMap<>();
    for (View view : views) {
      for (Listener listener : view.listeners()) {
        List<Endpoint> matches = exactFor(listener.endpoint());
        for (Endpoint exact : matches) {
          merged.merge(exact, at(exact, listener, matches.size() == 1), Listener::and);
        }
      }
    }
    return List.copyOf(merged.values());
  }

  /** If an imprecise row matches several endpoints, its owners belong to an unknown one of them. */
  private static Listener at(Endpoint exact, Listener listener, boolean isOnlyMatch) {
    List<Owner> owners = isOnlyMatch ? listener.owners() : List.of();
    return new Listener(
        exact,
        listener.dualStack(),
        owners,
        listener.seenBy(),
        listener.unknownOwner(),
        listener.server(),
        listener.via(),
        listener.interfaces());
  }

  private List<Endpoint> exactFor(Endpoint endpoint) {
    List<Endpoint> exact =
        exactAt.getOrDefault(portKey(endpoint), List.of()).stream()
            .filter(other -> isMoreExact(other, endpoint))
            .sorted(Comparator.naturalOrder())
            .toList();
    return exact.isEmpty() ? List.of(endpoint) : exact;
  }

  private boolean isMoreExact(Endpoint exact, Endpoint vague) {
    Address one = exact.address();
    Address other = vague.address();
    boolean isMorePrecise =
        (other.cut() && !one.cut()) || (other.zone() == null && one.zone() != null);
    return isMorePrecise && one.mayBe(other) && !isShownWith(exact, vague);
  }

  private boolean isShownWith(Endpoint one, Endpoint other) {
    Set<String> sources = new HashSet<>(shownBy.getOrDefault(one, Set.of()));
    sources.retainAll(shownBy.getOrDefault(other, Set.of()));
    return !sources.isEmpty();
  }

  private static PortKey portKey(Endpoint endpoint) {
    return new PortKey(endpoint.protocol(), endpoint.port(), endpoint.namespace());
  }
}
