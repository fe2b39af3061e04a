package io.portcurfew.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.OutboxState;
import io.portcurfew.observe.HostText;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Deliveries and the queue of each receiver of the config. */
final class ReceiverMeters {

  private static final OutboxState EMPTY = new OutboxState(0, null, 0, 0);

  private final MeterRegistry registry;
  private final Map<String, Meters> byName = new HashMap<>();
  private final GaugeFamily alertmanagers;
  private Map<String, OutboxState> waiting = Map.of();

  ReceiverMeters(MeterRegistry registry) {
    this.registry = registry;
    this.alertmanagers =
        new GaugeFamily(
            registry,
            "portcurfew_alertmanager_receiver",
            "1 for each receiver that sends all alerts of the host to Alertmanager.");
  }

  void alertmanagers(Collection<String> names) {
    GaugeFamily.Values values = new GaugeFamily.Values();
    names.forEach(name -> values.put(Tags.of("receiver", HostText.of(name).toString()), 1));
    alertmanagers.set(values);
  }

  void are(Collection<String> names) {
    Set<String> wanted = Set.copyOf(names);
    byName.forEach((name, meters) -> meters.removeUnless(wanted.contains(name), registry));
    byName.keySet().retainAll(wanted);
    wanted.forEach(name -> byName.computeIfAbsent(name, this::register));
  }

  void delivery(String receiver, Delivery outcome) {
    Meters meters = byName.get(receiver);
    if (meters != null) {
      meters.counter(outcome).increment();
    }
  }

  void waiting(Map<String, OutboxState> latest) {
    waiting = Map.copyOf(latest);
  }

  private OutboxState of(String receiver) {
    return waiting.getOrDefault(receiver, EMPTY);
  }

  /** The age of the oldest waiting notification, in seconds; 0 if none waits. */
  private double oldest(String receiver) {
    Duration age = of(receiver).oldest();
    return age == null ? 0 : Metrics.seconds(age);
  }

  private Meters register(String receiver) {
    String label = HostText.of(receiver).toString();
    Gauge pending =
        Gauge.builder("portcurfew_outbox_notifications", this, m -> m.of(receiver).pending())
            .description("Notifications that wait for delivery.")
            .tag("receiver", label)
            .register(registry);
    Gauge oldest =
        Gauge.builder("portcurfew_outbox_oldest_seconds", this, m -> m.oldest(receiver))
            .description("Age of the oldest waiting notification; 0 if none waits.")
            .tag("receiver", label)
            .register(registry);
    FunctionCounter folded =
        FunctionCounter.builder(
                "portcurfew_outbox_folded_total", this, m -> m.of(receiver).folded())
            .description("Notifications merged into a summary because too many came at once.")
            .tag("receiver", label)
            .register(registry);
    FunctionCounter dead =
        FunctionCounter.builder("portcurfew_outbox_dead_total", this, m -> m.of(receiver).dead())
            .description("Notifications that the receiver refused or did not accept for 7 days.")
            .tag("receiver", label)
            .register(registry);
    return new Meters(
        attempts(label, "delivered"),
        attempts(label, "retry"),
        attempts(label, "refused"),
        List.of(pending, oldest, folded, dead));
  }

  private Counter attempts(String label, String outcome) {
    return Counter.builder("portcurfew_notifications_total")
        .description("Attempts to deliver a notification by outcome: delivered, retry or refused.")
        .tag("receiver", label)
        .tag("outcome", outcome)
        .register(registry);
  }

  private record Meters(Counter delivered, Counter retry, Counter refused, List<Meter> outbox) {

    Counter counter(Delivery outcome) {
      if (outcome instanceof Delivery.Delivered) {
        return delivered;
      }
      return outcome instanceof Delivery.Retry ? retry : refused;
    }

    void removeUnless(boolean wanted, MeterRegistry registry) {
      if (!wanted) {
        List.of(delivered, retry, refused).forEach(registry::remove);
        outbox.forEach(registry::remove);
      }
    }
  }
}
