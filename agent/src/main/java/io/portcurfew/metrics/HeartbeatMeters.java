package io.portcurfew.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;

/** Counts heartbeats and their outcomes. */
final class HeartbeatMeters {

  private static final String DELIVERED = "delivered";
  private static final String FAILED = "failed";

  private final OptionalCounters sent;
  private final GaugeFamily last;

  HeartbeatMeters(MeterRegistry registry) {
    sent =
        new OptionalCounters(
            registry,
            "portcurfew_heartbeats_total",
            "Heartbeats by outcome: delivered or failed; absent without a heartbeat in the config.",
            List.of(DELIVERED, FAILED));
    last =
        new GaugeFamily(
            registry,
            "portcurfew_last_heartbeat_timestamp_seconds",
            "Time of the last heartbeat that the receiver accepted; absent before the first.");
  }

  void sent(boolean accepted, Instant at) {
    if (sent.increment(accepted ? DELIVERED : FAILED) && accepted) {
      last.set(new GaugeFamily.Values().put(Tags.empty(), at.toEpochMilli() / 1e3));
    }
  }

  /** Without a heartbeat in the config an old time would look like a failing receiver. */
  void configured(boolean used) {
    sent.configured(used);
    if (!used) {
      last.set(new GaugeFamily.Values());
    }
  }
}
