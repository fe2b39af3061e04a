package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.OtherSockets;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
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

  /** True if a listener or a socket has an unknown owner, so that a later snapshot may decide. */
  public static boolean wantsAnotherLook(Snapshot snapshot) {
    return snapshot.listeners().stream().anyMatch(SettledListeners::isUndecided)
        || snapshot.sockets().all().stream().anyMatch(SettledListeners::isUndecided);
  }

  /**
   * Returns the snapshot without the listeners that are closed in a later one, and with the owners
   * that it found.
   */
  public static Snapshot of(Snapshot snapshot, Snapshot later) {
    Map<Endpoint, Listener> now =
        later.listeners().stream()
            .collect(Collectors.toMap(Listener::endpoint, Function.identity(), (one, two) -> one));
    return snapshot
        .with(snapshot.listeners().stream().flatMap(one -> settled(one, now, later)).toList())
        .with(sockets(snapshot.sockets(), later.sockets()));
  }

  private static OtherSockets sockets(OtherSockets sockets, OtherSockets later) {
    Map<SocketPlace, OtherSocket> now =
        later.all().stream().collect(Collectors.toMap(OtherSocket::place, Function.identity()));
    return new OtherSockets(
        sockets.looked(),
        sockets.all().stream().flatMap(one -> settled(one, now, later)).toList(),
        sockets.unlisted());
  }

  private static Stream<OtherSocket> settled(
      OtherSocket socket, Map<SocketPlace, OtherSocket> now, OtherSockets later) {
    OtherSocket again = isUndecided(socket) ? now.get(socket.place()) : socket;
    return again == null && later.covers(socket.place())
        ? Stream.empty()
        : Stream.of(again == null ? socket : again);
  }

  private static boolean isUndecided(OtherSocket socket) {
    return socket.unknownOwner() == UnknownOwner.NOT_YET
        || socket.unknownOwner() == UnknownOwner.GONE;
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
