package io.portcurfew.host;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.event.EventBatch;
import io.portcurfew.observe.event.EventSettings;
import io.portcurfew.observe.event.EventSourceReport;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The events of a host about listeners that open and close. Safe for use by several threads. */
public interface HostEvents {

  /** A host without events. */
  HostEvents NONE =
      new HostEvents() {
        @Override
        public EventBatch await(Duration most) {
          return EventBatch.NONE;
        }

        @Override
        public List<Gap> reconcile(List<Listener> listeners, Duration began) {
          return List.of();
        }

        @Override
        public List<EventSourceReport> reports() {
          return List.of();
        }

        @Override
        public void use(EventSettings settings) {}
      };

  /**
   * Waits for events and returns what they showed.
   *
   * @param most how long to wait at most
   * @throws InterruptedException if the thread is interrupted
   */
  EventBatch await(Duration most) throws InterruptedException;

  /**
   * Compares a scan with the events.
   *
   * @param began when the scan began, on the monotonic clock
   * @return the gaps of the event sources since the last scan
   */
  List<Gap> reconcile(List<Listener> listeners, Duration began);

  /** The UDP sockets that events have shown to be those of clients, as of the last comparison. */
  default Set<Endpoint> clients() {
    return Set.of();
  }

  /** The state of each event source. */
  List<EventSourceReport> reports();

  /** Uses other settings from now on, without a time in which no source is open. */
  void use(EventSettings settings);
}
