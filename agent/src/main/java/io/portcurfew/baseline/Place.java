package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import java.util.Comparator;

/** What one rule decides at least: a port of one protocol, on all addresses of a namespace. */
record Place(int port, Protocol protocol, String namespace) implements Comparable<Place> {

  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::port)
          .thenComparing(Place::protocol)
          .thenComparing(Place::namespace);

  static Place of(Listener listener) {
    Endpoint at = listener.endpoint();
    return new Place(at.port(), at.protocol(), at.namespace());
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
