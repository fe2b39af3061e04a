package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The active policy bundle, and the looks for a new one. */
final class BundleMeters {

  private final OptionalCounters looks;
  private final GaugeFamily revision;
  private final GaugeFamily expires;
  private final GaugeFamily lastSuccess;

  BundleMeters(MeterRegistry registry) {
    looks =
        new OptionalCounters(
            registry,
            "portcurfew_bundle_fetches_total",
            "Looks for a new policy bundle, by outcome; absent without a bundle in the config.",
            Arrays.stream(BundleOutcome.values()).map(BundleOutcome::label).toList());
    revision =
        new GaugeFamily(
            registry,
            "portcurfew_bundle_revision",
            "The active revision of the policy bundle; absent without one.");
    expires =
        new GaugeFamily(
            registry,
            "portcurfew_bundle_expiry_timestamp_seconds",
            "Time at which the active policy bundle expires; absent if it does not.");
    lastSuccess =
        new GaugeFamily(
            registry,
            "portcurfew_bundle_last_success_timestamp_seconds",
            "Time of the last look that found the active bundle or accepted a new one.");
  }

  /** Without a bundle in the config, the looks and the time of the last success vanish. */
  void configured(boolean used) {
    looks.configured(used);
    if (!used) {
      lastSuccess.set(new GaugeFamily.Values());
    }
  }

  void fetched(BundleOutcome outcome, Instant at) {
    if (looks.increment(outcome.label()) && outcome.isSuccess()) {
      lastSuccess.set(value(at.toEpochMilli() / 1e3));
    }
  }

  void active(@Nullable Long activeRevision, @Nullable Instant expiry) {
    revision.set(
        activeRevision == null ? new GaugeFamily.Values() : value(activeRevision.doubleValue()));
    expires.set(
        expiry == null ? new GaugeFamily.Values() : value((double) expiry.getEpochSecond()));
  }

  private static GaugeFamily.Values value(double value) {
    return new GaugeFamily.Values().put(Tags.empty(), value);
  }
}
