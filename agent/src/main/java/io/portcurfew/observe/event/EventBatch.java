package io.portcurfew.observe.event;

import io.portcurfew.observe.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events since the last batch.
 *
 * @param sightings one for each endpoint and owner
 * @param closed the endpoints of listeners that closed and were opened earlier; each stands for the
 *     same endpoint of any network namespace
 * @param ended when each socket that was opened earlier closed, by the kernel's number of the
 *     socket
 * @param wantsScan true if only a scan can say what is there: events were lost, or a network
 *     namespace is not known yet
 */
public record EventBatch(
    List<Sighting> sightings, Set<Endpoint> closed, Map<Long, Duration> ended, boolean wantsScan) {

  /** Nothing. */
  public static final EventBatch NONE = new EventBatch(List.of(), Set.of(), false);

  public EventBatch {
    sightings = List.copyOf(sightings);
    closed = Set.copyOf(closed);
    ended = Map.copyOf(ended);
  }

  /** One without numbers of sockets. */
  public EventBatch(List<Sighting> sightings, Set<Endpoint> closed, boolean wantsScan) {
    this(sightings, closed, Map.of(), wantsScan);
  }

  /** True if there is nothing to do. */
  public boolean isEmpty() {
    return sightings.isEmpty() && closed.isEmpty() && !wantsScan;
  }
}
