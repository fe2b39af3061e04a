package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The events that are due.
 *
 * @param openings each of them has to be {@linkplain PendingEvents#looked looked} at
 * @param closed the endpoints of listeners that closed and were opened earlier
 * @param ended when each socket of these closed, by the kernel's number of the socket
 * @param wantsScan true if events were lost
 */
record DueEvents(
    List<Opening> openings, Set<Endpoint> closed, Map<Long, Duration> ended, boolean wantsScan) {
  boolean isEmpty() {
    return openings.isEmpty() && closed.isEmpty() && ended.isEmpty() && !wantsScan;
  }
}
