package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;

/** How the receiver of the heartbeat takes it. */
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
            "When the receiver of the heartbeat last took one; absent before that.");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("portcurfew_heartbeats_total")
        .description("Heartbeats by what became of them: delivered or failed.")
        .tag("outcome", outcome)
        .register(registry);
  }

  void beat(boolean taken, Instant at) {
    (taken ? delivered : failed).increment();
    if (taken) {
      last.set(new GaugeFamily.Values().put(Tags.empty(), at.toEpochMilli() / 1e3));
    }
  }
}
