package io.portcurfew.web;

import io.portcurfew.web.access.ClientNetwork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides when a new connection may begin, because each costs some ms of CPU for the handshake of
 * TLS and the check of a password. A right password gives its connection back, so clients that log
 * in do not wait. The others begin {@link #SPACE} apart, or further if each costs much; those that
 * wait take turns by network, and those of networks that logged in alternate with the rest. Within
 * a network the newest is first: a flood waits for its own answers, so a scraper overtakes it. Not
 * safe for use by several threads.
 *
 * @param <C> a connection
 */
final class ConnectionQueue<C> {

  /** The turn of a new connection. */
  enum ArrivalTurn {
    NOW,
    LATER,
    NEVER
  }

  /** Four connections a second cost 2 % of a core with an elliptic curve. */
  static final Duration SPACE = Duration.ofMillis(250);

  /** The same if they cost more, so that a client that can log in has its turn in time. */
  static final Duration MOST_SPACE = Duration.ofSeconds(1);

  /** Connections take at most one in so many parts of a core, 3 %; an RSA key costs the most. */
  private static final int PARTS = 33;

  /** The weight of the last connection in the mean cost is one in so many. */
  private static final int MEAN = 8;

  /** Connections that begin at once after a calm time: the tabs of a browser, some scrapers. */
  static final int BURST = 20;

  /**
   * Connections that wait, of networks that logged in and as many of others; 4 KB each. A client
   * that waits costs less CPU than one that is refused and tries again.
   */
  private static final int PLACES = 768;

  private static final int MOST_KNOWN = 1_024;

  /** A scraper logs in at least once in this time. */
  private static final Duration KNOWN = Duration.ofHours(1);

  /** The networks that logged in, with the time; the one that did the longest ago is first. */
  private final Map<ClientNetwork, Duration> known = new LinkedHashMap<>();

  private final Line<C> ofKnown = new Line<>();
  private final Line<C> ofOthers = new Line<>();
  private boolean othersTurn;
  private double saved = BURST;
  private Duration space = SPACE;
  private Duration last;

  /**
   * @param now monotonic time, as everywhere in this class
   */
  ConnectionQueue(Duration now) {
    this.last = now;
  }

  /** A new connection; one whose turn is later is returned by {@link #next}. */
  ArrivalTurn arrive(ClientNetwork network, C connection, Duration now) {
    refill(now);
    if (saved >= 1 && !waits()) {
      saved--;
      return ArrivalTurn.NOW;
    }
    Duration login = known.get(network);
    boolean isKnown = login != null && now.minus(login).compareTo(KNOWN) < 0;
    return (isKnown ? ofKnown : ofOthers).add(network, connection)
        ? ArrivalTurn.LATER
        : ArrivalTurn.NEVER;
  }

  /** The connection of this network was worth its cost. */
  void loggedIn(ClientNetwork network, Duration now) {
    saved = Math.min(BURST, saved + 1);
    served(network, now);
  }

  /** The network has sent a request that needs no password. */
  void served(ClientNetwork network, Duration now) {
    known.remove(network);
    if (known.size() >= MOST_KNOWN) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(network, now);
  }

  /** Takes the connection whose turn is now. */
  Optional<C> next(Duration now) {
    refill(now);
    if (saved < 1 || !waits()) {
      return Optional.empty();
    }
    saved--;
    boolean others = ofKnown.isEmpty() || (othersTurn && !ofOthers.isEmpty());
    othersTurn = !others;
    return Optional.of((others ? ofOthers : ofKnown).take());
  }

  /**
   * Notes the cost of a connection that began.
   *
   * @param spent time of the CPU
   */
  void cost(Duration spent) {
    Duration own = spent.multipliedBy(PARTS);
    Duration mean = space.plus(own.minus(space).dividedBy(MEAN));
    Duration least = mean.compareTo(SPACE) < 0 ? SPACE : mean;
    space = least.compareTo(MOST_SPACE) > 0 ? MOST_SPACE : least;
  }

  /** True if a connection waits. */
  boolean waits() {
    return !ofKnown.isEmpty() || !ofOthers.isEmpty();
  }

  private void refill(Duration now) {
    saved = Math.min(BURST, saved + (double) now.minus(last).toNanos() / space.toNanos());
    last = now;
  }

  /** Connections that take turns by network. */
  private static final class Line<C> {

    private final Map<ClientNetwork, Deque<C>> waiting = new LinkedHashMap<>();
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    /** A network may hold as many places as are free, so there is always one for another. */
    boolean add(ClientNetwork network, C connection) {
      Deque<C> own = waiting.getOrDefault(network, new ArrayDeque<>());
      if (own.size() >= PLACES - size) {
        return false;
      }
      own.add(connection);
      waiting.put(network, own);
      size++;
      return true;
    }

    C take() {
      Map.Entry<ClientNetwork, Deque<C>> first = waiting.entrySet().iterator().next();
      waiting.remove(first.getKey());
      C connection = first.getValue().removeLast();
      if (!first.getValue().isEmpty()) {
        waiting.put(first.getKey(), first.getValue());
      }
      size--;
      return connection;
    }
  }
}
