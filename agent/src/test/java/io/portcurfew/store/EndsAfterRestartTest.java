package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.AlertState;
import io.portcurfew.notify.ConfiguredReceiver;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Dispatcher;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.RateLimit;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.notify.Timing;
import io.portcurfew.notify.receivers.SteppedPagerduty;
import io.portcurfew.process.Threads;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More alerts end than one summary lists, and the agent restarts before it can send the ends. */
@Timeout(30)
class EndsAfterRestartTest extends OpenedStore {

  private static final int MANY = 300;

  private final Queue<Notification> events = new ConcurrentLinkedQueue<>();

  @Test
  void eachOpenIncidentIsResolved() throws Exception {
    Notifier up =
        SteppedPagerduty.to(
            event -> {
              events.add(event);
              return new Delivery.Delivered();
            });
    try (Dispatcher dispatcher = dispatcher(up)) {
      for (int open : List.of(MANY / 2, MANY)) {
        send(dispatcher, IntStream.rangeClosed(1, open).toArray());
        awaitAll(dispatcher);
      }
    }
    Set<String> opened = alerts(AlertState.FIRING);
    assertThat(opened).hasSize(MANY);
    try (Dispatcher dispatcher = dispatcher(event -> new Delivery.Retry("down"))) {
      send(dispatcher);
    }
    saved.restart();
    try (Dispatcher dispatcher = dispatcher(up)) {
      dispatcher.readLedger();
      awaitAll(dispatcher);
    }
    assertThat(alerts(AlertState.RESOLVED)).isEqualTo(opened);
    assertThat(saved.pending("ops")).isEmpty();
  }

  private Dispatcher dispatcher(Notifier notifier) {
    return new Dispatcher(
        Map.of("ops", ConfiguredReceiver.ofAll(notifier)),
        (receiver, outcome) -> {},
        saved.store.ledger(),
        RateLimit.USUAL,
        new Random(611),
        Timing.SYSTEM,
        Threads.SYSTEM);
  }

  /** A scan with these open ports. */
  private void send(Dispatcher dispatcher, int... ports) {
    dispatcher.send(
        saved.scan(ports).stream()
            .map(one -> new RoutedNotification(one, StoreFixture.RECEIVERS))
            .toList());
  }

  private static void awaitAll(Dispatcher dispatcher) throws InterruptedException {
    while (dispatcher.outbox().values().stream().anyMatch(one -> one.pending() > 0)) {
      Thread.sleep(5);
    }
  }

  private Set<String> alerts(AlertState state) {
    return events.stream()
        .filter(one -> one.alert().state() == state)
        .map(one -> one.alert().id())
        .collect(Collectors.toSet());
  }
}
