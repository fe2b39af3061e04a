package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcurfew.observe.SourceReport;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Scans and their sources; the gauges are set at a scrape. */
final class ScanMeters {

  static final String COMPLETE = "complete";
  static final String PARTIAL = "partial";
  static final String FAILED = "failed";

  private final Map<String, Counter> ended = new TreeMap<>();
  private final Map<String, Instant> last = new TreeMap<>();
  private final Map<String, SourceReport> reports = new TreeMap<>();
  private Duration step = Duration.ZERO;
  private final GaugeFamily lastScan;
  private final GaugeFamily up;
  private final GaugeFamily sourceDuration;
  private final GaugeFamily listeners;
  private final GaugeFamily gaps;

  private final Histogram scanDuration;
  private final Counter skipped;

  ScanMeters(PrometheusMeterRegistry registry) {
    for (String outcome : List.of(COMPLETE, PARTIAL, FAILED)) {
      Counter counter =
          Counter.builder("portcurfew_scans_total")
              .description(
                  "Scans by outcome: complete, partial (something could not be seen) or failed.")
              .tag("outcome", outcome)
              .register(registry);
      ended.put(outcome, counter);
    }
    // Micrometer's own timer would add a decaying _max gauge beside the histogram.
    scanDuration =
        Histogram.builder()
            .name("portcurfew_scan_duration_seconds")
            .help("Duration of completed scans, from the first source to the metrics.")
            .withoutExemplars()
            .classicOnly()
            .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 10)
            .register(registry.getPrometheusRegistry());
    skipped =
        Counter.builder("portcurfew_scans_skipped_total")
            .description("Scans that were skipped because the previous one had not ended.")
            .register(registry);
    lastScan =
        new GaugeFamily(
            registry,
            "portcurfew_last_scan_timestamp_seconds",
            "Time of the last scan with this outcome, rounded down to the scan interval. The agent"
                + " scans on its own schedule, not at a scrape.");
    up =
        new GaugeFamily(
            registry, "portcurfew_source_up", "1 if the source worked last time, else 0.");
    sourceDuration =
        new GaugeFamily(
            registry, "portcurfew_source_duration_seconds", "Duration of the source's last look.");
    listeners =
        new GaugeFamily(
            registry,
            "portcurfew_source_listeners",
            "Endpoints that the source saw; absent if it failed.");
    gaps =
        new GaugeFamily(
            registry, "portcurfew_source_gaps", "Gaps that the source reported in its last look.");
  }

  void ended(String outcome, Instant at) {
    Counter counter = ended.get(outcome);
    if (counter == null) {
      throw new IllegalArgumentException("unknown outcome of a scan: " + outcome);
    }
    counter.increment();
    last.put(outcome, at);
  }

  /** A completed scan took this long. */
  void took(Duration duration) {
    scanDuration.observe(Metrics.seconds(duration));
  }

  /** These scans did not run, because the previous one had not ended. */
  void skipped(long scans) {
    skipped.increment((double) scans);
  }

  /** A source that did not take part in this scan keeps its last values. */
  void sources(Collection<SourceReport> latest) {
    for (SourceReport report : latest) {
      reports.put(report.name(), report);
    }
  }

  /** The series of this source vanish. */
  void remove(String source) {
    reports.remove(source);
  }

  /** Sets the gauges to the latest values. */
  void publish() {
    GaugeFamily.Values times = new GaugeFamily.Values();
    last.forEach((o, when) -> times.put(Tags.of("outcome", o), rounded(when) / 1e3));
    lastScan.set(times);
    publishSources();
  }

  private long rounded(Instant when) {
    long millis = when.toEpochMilli();
    return millis - Math.floorMod(millis, Math.max(1, step.toMillis()));
  }

  /** Rounds times down to this: anybody may read them, and they must not show the exact moment. */
  void roundTo(Duration interval) {
    step = interval;
  }

  private void publishSources() {
    GaugeFamily.Values isUp = new GaugeFamily.Values();
    GaugeFamily.Values took = new GaugeFamily.Values();
    GaugeFamily.Values saw = new GaugeFamily.Values();
    GaugeFamily.Values gapCounts = new GaugeFamily.Values();
    for (SourceReport report : reports.values()) {
      Tags source = Tags.of("source", report.name());
      isUp.put(source, report.up() ? 1 : 0);
      took.put(source, Metrics.seconds(report.took()));
      gapCounts.put(source, report.gaps());
      if (report.up()) {
        saw.put(source, report.listeners());
      }
    }
    up.set(isUp);
    sourceDuration.set(took);
    listeners.set(saw);
    gaps.set(gapCounts);
  }
}
