package io.portcurfew.scan;

import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.event.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Open listeners whose owner a scan has to decide. One that closes before a scan saw it was a brief
 * one of the owner that the look at its event found. Pure; for one thread at a time.
 */
final class UndecidedSightings {

  /** The most that are kept; the oldest of the user with the most goes first. */
  static final int MOST = 4096;

  /** The time after which no scan is expected to list it: its end may have been lost. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private static final long UNKNOWN_USER = -1;

  private final Map<Long, OpenSighting> bySocket = new HashMap<>();
  private final Map<Long, Set<OpenSighting>> byUser = new HashMap<>();
  private int size;

  /** A listener and its sockets that are still open; compared as an object. */
  private static final class OpenSighting {
    private final Sighting sighting;
    private final long user;
    private final Set<Long> open;

    OpenSighting(Sighting sighting) {
      this.sighting = sighting;
      this.user =
          sighting.listener().owners().stream()
              .map(Owner::accountable)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(UNKNOWN_USER);
      this.open = new HashSet<>(sighting.sockets());
    }
  }

  /** Keeps one that is open; one without a known socket is left to the scan. */
  void add(Sighting sighting) {
    if (sighting.sockets().isEmpty()) {
      return;
    }
    OpenSighting open = new OpenSighting(sighting);
    for (long socket : open.open) {
      OpenSighting earlier = bySocket.get(socket);
      if (earlier != null) {
        // The kernel gave the number to another socket, so the end of the first was lost.
        remove(earlier);
      }
      bySocket.put(socket, open);
    }
    byUser.computeIfAbsent(open.user, user -> new LinkedHashSet<>()).add(open);
    size++;
    if (size > MOST) {
      byUser.values().stream()
          .max((one, other) -> Integer.compare(one.size(), other.size()))
          .ifPresent(largest -> remove(largest.iterator().next()));
    }
  }

  private void remove(OpenSighting gone) {
    gone.open.forEach(socket -> bySocket.remove(socket, gone));
    Set<OpenSighting> own = byUser.get(gone.user);
    if (own != null && own.remove(gone)) {
      size--;
      if (own.isEmpty()) {
        byUser.remove(gone.user);
      }
    }
  }

  /**
   * Takes those whose last socket has closed, as brief ones.
   *
   * @param ended when each socket closed, on the monotonic clock
   * @param elapsed the present moment on that clock
   * @param now the same moment by the time of day
   */
  List<Sighting> ended(Map<Long, Duration> ended, Duration elapsed, Instant now) {
    if (size == 0) {
      return List.of();
    }
    List<Sighting> brief = new ArrayList<>();
    ended.forEach(
        (socket, at) -> {
          OpenSighting one = bySocket.remove(socket);
          if (one != null && one.open.remove(socket) && one.open.isEmpty()) {
            remove(one);
            brief.add(brief(one.sighting, at, now.minus(elapsed.minus(one.sighting.at()))));
          }
        });
    return brief;
  }

  private static Sighting brief(Sighting open, Duration end, Instant opened) {
    Listener listener = open.listener();
    String source = listener.seenBy().stream().findFirst().orElse("");
    Duration openFor = end.minus(open.at());
    BriefOpening brief =
        new BriefOpening(
            source, openFor.isNegative() ? Duration.ZERO : openFor, true, 1, opened, opened);
    return new Sighting(listener, brief, open.at());
  }

  /**
   * A scan has decided what it saw and what was open when it began.
   *
   * @param seen its listeners
   * @param began when it began, on the monotonic clock
   */
  void scanned(Collection<Listener> seen, Duration began) {
    if (size == 0) {
      return;
    }
    Set<Endpoint> there = new HashSet<>();
    seen.forEach(one -> there.add(one.endpoint()));
    byUser.values().stream()
        .flatMap(Set::stream)
        .filter(
            one ->
                (began.compareTo(one.sighting.at()) >= 0
                        && there.contains(one.sighting.listener().endpoint()))
                    || began.minus(one.sighting.at()).compareTo(LONGEST) >= 0)
        .toList()
        .forEach(this::remove);
  }
}
