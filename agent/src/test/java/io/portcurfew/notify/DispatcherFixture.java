package io.portcurfew.notify;

import io.portcurfew.process.Threads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** Dispatchers for tests, and receivers of one. */
final class DispatcherFixture {

  static final Delivery DELIVERED = new Delivery.Delivered();
  static final DeliveryListener NOBODY = (receiver, outcome) -> {};

  /** The ids that the healthy receiver got. */
  final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();

  final Notifier healthy =
      notification -> {
        delivered.add(notification.id());
        return DELIVERED;
      };

  /** Passes each notification on to the healthy receiver, once it may answer. */
  final class WaitingNotifier implements Notifier {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch answer = new CountDownLatch(1);

    @Override
    public Delivery deliver(Notification notification) throws InterruptedException {
      begun.countDown();
      answer.await();
      return healthy.deliver(notification);
    }
  }

  static void toAll(Dispatcher dispatcher, Notification one) {
    dispatcher.send(List.of(new RoutedNotification(one, dispatcher.outbox().keySet())));
  }

  static Outbox.Shared post(Timing timing) {
    return new Outbox.Shared(
        NOBODY,
        new RecordingLedger(),
        RateLimit.UNLIMITED,
        timing,
        new Random(611),
        Threads.SYSTEM);
  }

  static Map<String, ConfiguredReceiver> recipients(Map<String, Notifier> notifiers) {
    Map<String, ConfiguredReceiver> recipients = new LinkedHashMap<>();
    notifiers.forEach((name, notifier) -> recipients.put(name, ConfiguredReceiver.ofAll(notifier)));
    return recipients;
  }

  static Dispatcher dispatcher(Map<String, Notifier> receivers) {
    return dispatcher(receivers, new RecordingLedger());
  }

  static Dispatcher dispatcher(Map<String, Notifier> receivers, RecordingLedger ledger) {
    return new Dispatcher(
        recipients(receivers),
        NOBODY,
        ledger,
        RateLimit.UNLIMITED,
        new Random(611),
        Timing.SYSTEM,
        Threads.SYSTEM);
  }
}
