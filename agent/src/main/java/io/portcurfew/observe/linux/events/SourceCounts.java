package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.event.EventSourceReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The changes that one source has reported so far. Not for two threads at once. */
final class SourceCounts {

  private long openings;
  private long closings;
  private @Nullable Duration last;

  /** Counts a listener that opened. */
  void opened(Duration at) {
    openings++;
    last = at;
  }

  /** Counts a socket that closed. */
  void closed(Duration at) {
    closings++;
    last = at;
  }

  EventSourceReport report(String source, boolean up, String why, long lost) {
    return new EventSourceReport(source, up, why, openings, closings, lost, last);
  }
}
