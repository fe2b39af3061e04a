package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.policy.Severity;
import io.portcurfew.process.Threads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The receivers of each notification. */
class AddressingTest {

  private static final Notifier TAKES = notification -> new Delivery.Delivered();

  @Test
  void notificationsAreRoutedByFilter() {
    Map<String, ConfiguredReceiver> all = new LinkedHashMap<>();
    all.put("all", ConfiguredReceiver.ofAll(TAKES));
    all.put("firing", filtered(new ReceiverFilter(false, Severity.INFO, none())));
    all.put("worst", filtered(new ReceiverFilter(true, Severity.CRITICAL, none())));
    Dispatcher dispatcher =
        new Dispatcher(
            all,
            (receiver, outcome) -> {},
            new RecordingLedger(),
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM);
    try (dispatcher) {
      Notification lesser =
          SampleNotifications.first(
              "n0", SampleNotifications.finding(Severity.WARNING, SampleNotifications.NPMP));
      assertThat(
              dispatcher.route(
                  List.of(lesser, SampleNotifications.first(), SampleNotifications.resolved())))
          .containsExactly(
              new RoutedNotification(lesser, Set.of("all", "firing")),
              new RoutedNotification(SampleNotifications.first(), Set.of("all", "firing", "worst")),
              new RoutedNotification(SampleNotifications.resolved(), Set.of("all", "worst")));
      dispatcher.change(Map.of("worst", all.get("worst")));
      assertThat(dispatcher.route(List.of(lesser)))
          .containsExactly(new RoutedNotification(lesser, Set.of()));
    }
  }

  private static ConfiguredReceiver filtered(ReceiverFilter filter) {
    return new ConfiguredReceiver(TAKES, filter, Grouping.NONE);
  }

  private static SortedMap<String, String> none() {
    return new TreeMap<>();
  }
}
