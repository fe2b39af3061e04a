package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides by a later snapshot about listeners with an owner that no term can name: a process ended,
 * or began, between the looks at the socket and at its owner.
 */
public final class SettledListeners {

  private SettledListeners() {}

  /** True if a listener has an unknown owner, so that a later snapshot may decide. */
  public static boolean wantsAnotherLook(Snapshot snapshot) {
    return snapshot.listeners().stream().anyMatch(SettledListeners::isUndecided);
  }

  /**
   * Returns the snapshot without the listeners that are closed in a later one, and with the owners
   * that it found.
   */
  public static Snapshot of(Snapshot snapshot, Snapshot later) {
    Map<Endpoint, Listener> now =
        later.listeners().stream()
            .collect(Collectors.toMap(Listener::endpoint, Function.identity(), (one, two) -> one));
    return snapshot.with(
        snapshot.listeners().stream().flatMap(one -> settled(one, now, later)).toList());
  }

  private static Stream<Listener> settled(
      Listener listener, Map<Endpoint, Listener> now, Snapshot later) {
    Endpoint at = listener.endpoint();
    if (!isUndecided(listener)) {
      return Stream.of(listener);
    }
    Listener again = now.get(at);
    return again == null && later.covers(at)
        ? Stream.empty()
        : Stream.of(again == null ? listener : again);
  }

  private static boolean isUndecided(Listener listener) {
    return listener.via() == null && OwnerTerms.of(List.of(listener)).isEmpty();
  }
}
