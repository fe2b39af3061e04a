package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The active policy bundle, and the looks for a new one. */
final class BundleMeters {

  private final Map<BundleOutcome, Counter> looks = new EnumMap<>(BundleOutcome.class);
  private final GaugeFamily revision;
  private final GaugeFamily expires;
  private final GaugeFamily lastSuccess;

  BundleMeters(MeterRegistry registry) {
    for (BundleOutcome outcome : BundleOutcome.values()) {
      looks.put(
          outcome,
          Counter.builder("portcurfew_bundle_fetches_total")
              .description("Looks for a new policy bundle, by outcome.")
              .tag("outcome", outcome.label())
              .register(registry));
    }
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

  void fetched(BundleOutcome outcome, Instant at) {
    Counter counter = looks.get(outcome);
    if (counter != null) {
      counter.increment();
    }
    if (outcome.isSuccess()) {
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
