package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portcurfew.observe.event.EventSourceReport;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sources of events. The series exist from the first report of a source on. */
final class EventMeters {

  private final MeterRegistry registry;
  private final GaugeFamily up;
  private final Map<String, Totals> totals = new HashMap<>();

  /** The counters of a source and their values. */
  private final class Totals {
    private final Counter opened;
    private final Counter closed;
    private final Counter lost;
    private EventSourceReport last;

    Totals(String source) {
      opened = events(source, "opened");
      closed = events(source, "closed");
      lost =
          Counter.builder("portcurfew_events_lost_total")
              .description("Events that are known to be lost.")
              .tag("source", source)
              .register(registry);
      last = new EventSourceReport(source, false, "", 0, 0, 0);
    }

    private Counter events(String source, String kind) {
      return Counter.builder("portcurfew_events_total")
          .description("Events of the kernel about sockets that opened or closed.")
          .tags("source", source, "kind", kind)
          .register(registry);
    }

    void set(EventSourceReport report) {
      opened.increment((double) (report.opened() - last.opened()));
      closed.increment((double) (report.closed() - last.closed()));
      lost.increment((double) (report.lost() - last.lost()));
      last = report;
    }
  }

  EventMeters(MeterRegistry registry) {
    this.registry = registry;
    up =
        new GaugeFamily(
            registry, "portcurfew_event_source_up", "1 if the source of events is used, else 0.");
  }

  void sources(Collection<EventSourceReport> reports) {
    GaugeFamily.Values values = new GaugeFamily.Values();
    List<EventSourceReport> all = List.copyOf(reports);
    for (EventSourceReport report : all) {
      values.put(Tags.of("source", report.name()), report.up() ? 1 : 0);
      totals.computeIfAbsent(report.name(), Totals::new).set(report);
    }
    up.set(values);
  }
}
