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
 * Makes one list of listeners of what several sources saw, and tells where those that would have
 * seen everything differ. The order of the views only decides whose word stands where two describe
 * the same owner.
 *
 * <p>Sources tell addresses more or less exactly: only ss knows the interface that a socket is
 * bound to, and BSD netstat cuts IPv6 addresses. So an endpoint that one source tells less exactly
 * than another stands for the exact one, unless a single source shows both.
 */
final class ViewMerge {

  private record PortOf(Protocol protocol, int port, String namespace) {}

  private final List<View> views;
  private final Map<Endpoint, Set<String>> shownBy = new HashMap<>();
  private final Map<PortOf, List<Endpoint>> exactAt;

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
            .collect(Collectors.groupingBy(ViewMerge::place));
  }

  /** All listeners, one an endpoint; a single view's own list. */
  static List<Listener> listeners(List<View> views) {
    return views.size() == 1 ? views.get(0).listeners() : new ViewMerge(views).merge();
  }

  /** The endpoints that a source shows and another one, whose view is complete, does not. */
  static List<Disagreement> disagreements(List<View> views, Collection<Listener> merged) {
    if (views.size() == 1) {
      return List.of();
    }
    Set<String> complete =
        views.stream().filter(View::complete).map(View::source).collect(Collectors.toSet());
    return merged.stream()
        .filter(listener -> listener.endpoint().namespace().equals(Endpoint.HOST))
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
        List<Endpoint> meant = exactFor(listener.endpoint());
        for (Endpoint exact : meant) {
          merged.merge(exact, at(exact, listener, meant.size() == 1), Listener::and);
        }
      }
    }
    return List.copyOf(merged.values());
  }

  /** Where a vague row may mean several endpoints, whose owners it tells cannot be known. */
  private static Listener at(Endpoint exact, Listener listener, boolean isTheOne) {
    List<Owner> owners = isTheOne ? listener.owners() : List.of();
    return new Listener(exact, listener.dualStack(), owners, listener.seenBy());
  }

  private List<Endpoint> exactFor(Endpoint endpoint) {
    List<Endpoint> exact =
        exactAt.getOrDefault(place(endpoint), List.of()).stream()
            .filter(other -> isMoreExact(other, endpoint))
            .sorted(Comparator.naturalOrder())
            .toList();
    return exact.isEmpty() ? List.of(endpoint) : exact;
  }

  private boolean isMoreExact(Endpoint exact, Endpoint vague) {
    Address one = exact.address();
    Address other = vague.address();
    boolean tellsMore = (other.cut() && !one.cut()) || (other.zone() == null && one.zone() != null);
    return tellsMore && one.mayBe(other) && !isShownWith(exact, vague);
  }

  private boolean isShownWith(Endpoint one, Endpoint other) {
    Set<String> sources = new HashSet<>(shownBy.getOrDefault(one, Set.of()));
    sources.retainAll(shownBy.getOrDefault(other, Set.of()));
    return !sources.isEmpty();
  }

  private static PortOf place(Endpoint endpoint) {
    return new PortOf(endpoint.protocol(), endpoint.port(), endpoint.namespace());
  }
}
