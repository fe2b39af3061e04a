package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The length of the history, and its head once a day: a label with each head would be a new series
 * for each entry.
 */
final class HistoryMeters {

  private final GaugeFamily head;
  private final GaugeFamily entries;
  private @Nullable LocalDate today;
  private @Nullable LocalDate published;

  HistoryMeters(MeterRegistry registry) {
    head =
        new GaugeFamily(
            registry,
            "portcurfew.history.head.info",
            "An entry of the history and its hash, for comparison later: the last one at the first"
                + " scrape of each day (UTC); always 1.");
    entries =
        new GaugeFamily(
            registry, "portcurfew_history_entries", "The number of the last entry of the history.");
  }

  void day(LocalDate day) {
    today = day;
  }

  /**
   * Sets the last entry.
   *
   * @param last number and hash, as in {@code 611:9f86d0...}; {@code null} if there is no entry
   */
  void head(@Nullable String last) {
    if (last == null) {
      return;
    }
    long number = Long.parseLong(last.substring(0, last.indexOf(':')));
    entries.set(new GaugeFamily.Values().put(Tags.empty(), (double) number));
    if (published == null || (today != null && !today.equals(published))) {
      head.set(new GaugeFamily.Values().put(Tags.of("head", last), 1));
      published = today;
    }
  }
}
