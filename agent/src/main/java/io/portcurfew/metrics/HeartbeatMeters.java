package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;

/** Counts heartbeats and their outcomes. */
final class HeartbeatMeters {

  private final Counter delivered;
  private final Counter failed;
  private final GaugeFamily last;

  HeartbeatMeters(MeterRegistry registry) {
    delivered = counter(registry, "delivered");
    failed = counter(registry, "failed");
    last =
        new GaugeFamily(
            registry,
            "portcurfew_last_heartbeat_timestamp_seconds",
            "Time of the last heartbeat that the receiver accepted; absent before the first.");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("portcurfew_heartbeats_total")
        .description("Heartbeats by outcome: delivered or failed.")
        .tag("outcome", outcome)
        .register(registry);
  }

  void sent(boolean accepted, Instant at) {
    (accepted ? delivered : failed).increment();
    if (accepted) {
      last.set(new GaugeFamily.Values().put(Tags.empty(), at.toEpochMilli() / 1e3));
    }
  }

  /** Without a heartbeat an old time would look like a failing receiver. */
  void clear() {
    last.set(new GaugeFamily.Values());
  }
}
