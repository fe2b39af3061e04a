package io.portcurfew.observe.event;

import io.portcurfew.observe.Endpoint;
import java.util.List;
import java.util.Set;

/**
 * The events since the last batch.
 *
 * @param sightings one for each endpoint and owner
 * @param closed the endpoints of listeners that closed and were opened earlier; each stands for the
 *     same endpoint of any network namespace
 * @param wantsScan true if only a scan can say what is there: events were lost, or a network
 *     namespace is not known yet
 */
public record EventBatch(List<Sighting> sightings, Set<Endpoint> closed, boolean wantsScan) {

  /** Nothing. */
  public static final EventBatch NONE = new EventBatch(List.of(), Set.of(), false);

  public EventBatch {
    sightings = List.copyOf(sightings);
    closed = Set.copyOf(closed);
  }

  /** True if there is nothing to do. */
  public boolean isEmpty() {
    return sightings.isEmpty() && closed.isEmpty() && !wantsScan;
  }
}
