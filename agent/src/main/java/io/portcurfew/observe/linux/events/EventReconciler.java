package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.linux.events.source.SocketChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares events with scans; pure. A listener that a scan finds and no event announced, and events
 * that the kernel counted as lost, are lost coverage of the event source: counted, and a gap until
 * the next scan. Not for two threads at once.
 */
final class EventReconciler {

  /** The announced endpoints that are remembered; once there are more, nothing is missed. */
  static final int MOST_ANNOUNCED = 16_384;

  /** An event may arrive a moment later than the scan sees its socket. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** A listener that was announced this long ago and that no scan saw has closed. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  /** Scans within this time of each other read other namespaces in turns. */
  private static final Duration FREQUENT = Duration.ofSeconds(5);

  /** They read an idle namespace once in this time. */
  private static final Duration BETWEEN_READINGS = Duration.ofSeconds(10);

  private final Map<EventPlace, Duration> announced = new LinkedHashMap<>();
  private final Map<Endpoint, Duration> unannounced = new HashMap<>();
  private final Map<String, Long> lost = new TreeMap<>();
  private final Map<String, Long> lostSinceScan = new TreeMap<>();
  private final Map<Protocol, String> announcers = new HashMap<>();
  private Set<Endpoint> known = new HashSet<>();
  private Set<String> namespaces = new HashSet<>();
  private Set<Listed> listed = new HashSet<>();
  private Duration scanned = Duration.ZERO;
  private final Map<Endpoint, Duration> unbound = new HashMap<>();
  private final Map<Integer, Set<Endpoint>> clients = new HashMap<>();
  private @Nullable List<Listener> latest;
  private boolean overflowed;
  private boolean readsInTurns;

  /** An endpoint without its network namespace and interface, which an event may not know. */
  private record EventPlace(Protocol protocol, String host, int port) {
    static EventPlace of(Protocol protocol, Address address, int port) {
      return new EventPlace(protocol, address.host(), port);
    }

    static EventPlace of(Endpoint endpoint) {
      return of(endpoint.protocol(), endpoint.address(), endpoint.port());
    }
  }

  /** An endpoint that a scan showed, without its interface. */
  private record Listed(EventPlace place, String namespace) {
    static Listed of(SocketChange change, String namespace) {
      return new Listed(
          EventPlace.of(change.protocol(), change.address(), change.port()), namespace);
    }
  }

  /**
   * From now on this source announces every listener of a protocol.
   *
   * @param source {@code null} if none does
   */
  void announces(Protocol protocol, @Nullable String source) {
    if (source == null) {
      announcers.remove(protocol);
    } else {
      announcers.put(protocol, source);
    }
    latest = null;
    known = new HashSet<>();
    namespaces = new HashSet<>();
    unannounced.clear();
    unbound.clear();
    clients.clear();
  }

  /** An event announced a listener. */
  void announced(SocketChange change) {
    if (change.protocol() == Protocol.UDP) {
      clients.remove(change.port());
    }
    EventPlace place = EventPlace.of(change.protocol(), change.address(), change.port());
    announced.remove(place);
    announced.put(place, change.at());
    if (announced.size() > MOST_ANNOUNCED) {
      announced.remove(announced.keySet().iterator().next());
      overflowed = true;
    }
  }

  /** Events of a source were lost. */
  void lost(String source, long events) {
    if (events > 0) {
      lost.merge(source, events, Long::sum);
      lostSinceScan.merge(source, events, Long::sum);
      if (source.equals(announcers.get(Protocol.UDP))) {
        unbound.clear();
      }
    }
  }

  /** The events that a source lost so far. */
  long lostOf(String source) {
    return lost.getOrDefault(source, 0L);
  }

  /**
   * Compares a scan with the events so far and returns the gaps of the event sources since the last
   * scan.
   *
   * @param began when the scan began
   */
  // The list of an unchanged scan is the same object.
  @SuppressWarnings("ReferenceEquality")
  List<Gap> scanned(List<Listener> listeners, Duration began) {
    readsInTurns = latest != null && began.minus(scanned).compareTo(FREQUENT) < 0;
    scanned = began;
    if (listeners != latest || !unannounced.isEmpty() || !unbound.isEmpty()) {
      compare(listeners, began);
      latest = listeners;
    }
    List<Gap> gaps = new ArrayList<>(0);
    for (String source : lostSinceScan.keySet()) {
      gaps.add(gap(source));
    }
    lostSinceScan.clear();
    overflowed = false;
    return gaps;
  }

  private static Gap gap(String source) {
    String why =
        "some events were lost: a listener that opened and closed between two scans may be missing";
    return new Gap(source, Gap.What.EVENTS, why);
  }

  private void compare(List<Listener> listeners, Duration began) {
    Set<Endpoint> now = new HashSet<>();
    for (Listener listener : listeners) {
      // No event announces a redirect.
      if (listener.hasSocket() && announcers.containsKey(listener.endpoint().protocol())) {
        now.add(listener.endpoint());
      }
    }
    boolean first = latest == null;
    for (Endpoint endpoint : now) {
      if (!first && !known.contains(endpoint) && namespaces.contains(endpoint.namespace())) {
        found(endpoint, began);
      }
    }
    listed =
        listeners.stream()
            .filter(Listener::hasSocket)
            .map(one -> new Listed(EventPlace.of(one.endpoint()), one.endpoint().namespace()))
            .collect(Collectors.toSet());
    unannounced.keySet().retainAll(now);
    unbound.keySet().retainAll(now);
    clients.values().forEach(open -> open.retainAll(now));
    clients.values().removeIf(Set::isEmpty);
    known = now;
    namespaces =
        listeners.stream().map(one -> one.endpoint().namespace()).collect(Collectors.toSet());
    settle(began);
    settleClients(began);
    forget(began);
  }

  /** A UDP socket that no event announced is no loss: the kernel gave it its port. */
  private void found(Endpoint endpoint, Duration began) {
    boolean isListener = endpoint.protocol() == Protocol.TCP;
    if (!overflowed && !announced.containsKey(EventPlace.of(endpoint))) {
      (isListener ? unannounced : unbound).putIfAbsent(endpoint, began);
    }
  }

  private void settle(Duration began) {
    Iterator<Map.Entry<Endpoint, Duration>> all = unannounced.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Endpoint, Duration> one = all.next();
      if (announced.containsKey(EventPlace.of(one.getKey()))) {
        all.remove();
      } else if (began.minus(one.getValue()).compareTo(PATIENCE) >= 0) {
        lost(announcers.getOrDefault(one.getKey().protocol(), ""), 1);
        all.remove();
      }
    }
  }

  /**
   * A UDP socket whose port was not announced at any address, while no event was lost, is that of a
   * client.
   */
  private void settleClients(Duration began) {
    if (overflowed) {
      unbound.clear();
    }
    if (unbound.isEmpty()) {
      return;
    }
    Set<Integer> bound = new HashSet<>();
    for (EventPlace place : announced.keySet()) {
      if (place.protocol() == Protocol.UDP) {
        bound.add(place.port());
      }
    }
    unbound.keySet().removeIf(endpoint -> bound.contains(endpoint.port()));
    Iterator<Map.Entry<Endpoint, Duration>> all = unbound.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Endpoint, Duration> one = all.next();
      if (began.minus(one.getValue()).compareTo(PATIENCE) >= 0) {
        Endpoint client = one.getKey();
        clients.computeIfAbsent(client.port(), port -> new HashSet<>()).add(client);
        all.remove();
      }
    }
  }

  /** The UDP sockets that are those of clients for certain, because the kernel chose their port. */
  Set<Endpoint> clients() {
    return clients.isEmpty()
        ? Set.of()
        : clients.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }

  private void forget(Duration began) {
    Iterator<Duration> times = announced.values().iterator();
    while (times.hasNext() && began.minus(times.next()).compareTo(FORGOTTEN) > 0) {
      times.remove();
    }
  }

  /**
   * How long a socket that has closed can have been open, if no scan and no event showed it.
   *
   * @param namespace the name of its network namespace
   * @return {@code null} if the last scan or an event showed it, or no scan has ended yet, or a
   *     source announces all of its protocol, so that it was that of a client
   */
  @Nullable Duration unseenFor(SocketChange closed, String namespace) {
    boolean isUnseen =
        latest != null && !announcers.containsKey(closed.protocol()) && !isKnown(closed, namespace);
    Duration sinceScan = closed.at().minus(scanned);
    return !isUnseen
        ? null
        : readsInTurns && !namespace.equals(Endpoint.HOST)
            ? sinceScan.plus(BETWEEN_READINGS)
            : sinceScan;
  }

  /**
   * True if the last scan or an event showed a socket that has closed. An event may not know its
   * namespace.
   */
  boolean isKnown(SocketChange closed, String namespace) {
    return announced.containsKey(EventPlace.of(closed.protocol(), closed.address(), closed.port()))
        || listed.contains(Listed.of(closed, namespace));
  }

  /** True if a listener of a scan waits for its event: another scan decides. */
  boolean awaitsEvent() {
    return !unannounced.isEmpty();
  }
}
