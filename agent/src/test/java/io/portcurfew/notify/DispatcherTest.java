package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Several receivers at once, each on its thread. The time limit shows that nothing waits for ever.
 */
@Timeout(30)
class DispatcherTest {

  private static final Delivery DELIVERED = new Delivery.Delivered();
  private static final DeliveryListener NOBODY = (receiver, outcome) -> {};

  private final BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
  private final Notifier healthy =
      notification -> {
        delivered.add(notification.id());
        return DELIVERED;
      };

  private static void toAll(Dispatcher dispatcher, Notification one) {
    dispatcher.send(List.of(new RoutedNotification(one, dispatcher.outbox().keySet())));
  }

  @Test
  void hangingReceiver_delaysNoOther() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Notifier hanging =
        notification -> {
          never.await();
          return DELIVERED;
        };
    try (Dispatcher dispatcher = dispatcher(Map.of("hanging", hanging, "ops", healthy))) {
      IntStream.range(0, 1000).forEach(i -> toAll(dispatcher, SampleNotifications.first("n" + i)));

      for (int i = 0; i < 1000; i++) {
        assertThat(delivered.take()).isEqualTo("n" + i);
      }
      assertThat(dispatcher.outbox().get("hanging").pending()).isEqualTo(1000);
    }
  }

  @Test
  void downReceiver_delaysNoOther() throws Exception {
    Notifier down = notification -> new Delivery.Retry("down", null);
    try (Dispatcher dispatcher = dispatcher(Map.of("down", down, "ops", healthy))) {
      toAll(dispatcher, SampleNotifications.first("n1"));
      assertThat(delivered.take()).isEqualTo("n1");
      toAll(dispatcher, SampleNotifications.first("n2"));
      assertThat(delivered.take()).isEqualTo("n2");
    }
  }

  @Test
  void everyAttemptIsReportedWithItsReceiver() throws Exception {
    BlockingQueue<String> notified = new LinkedBlockingQueue<>();
    DeliveryListener listener = (receiver, outcome) -> notified.add(receiver + " " + outcome);
    Notifier refusing = notification -> new Delivery.Refused("no");
    try (Dispatcher dispatcher =
        new Dispatcher(
            recipients(new TreeMap<>(Map.of("a", healthy, "b", refusing))),
            listener,
            new RecordingLedger(),
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM)) {
      toAll(dispatcher, SampleNotifications.first());

      assertThat(List.of(notified.take(), notified.take()))
          .containsExactlyInAnyOrder("a Delivered[answer=]", "b Refused[why=no]");
    }
  }

  @Test
  void receiversKeepTheirOrder() {
    try (Dispatcher dispatcher = dispatcher(new TreeMap<>(Map.of("b", healthy, "a", healthy)))) {
      assertThat(dispatcher.outbox()).containsOnlyKeys("a", "b");
      assertThat(dispatcher.outbox().values()).containsOnly(new OutboxState(0, null, 0, 0));
    }
  }

  @Test
  void runningAttemptIsCompletedAtTheEnd() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicBoolean ending = new AtomicBoolean();
    Notifier slow =
        notification -> {
          started.countDown();
          answer.await();
          return healthy.deliver(notification);
        };
    Dispatcher dispatcher =
        new Dispatcher(
            recipients(Map.of("ops", slow)),
            post(
                new Timing() {
                  @Override
                  public Duration elapsed() {
                    if (ending.get()) {
                      answer.countDown();
                    }
                    return SYSTEM.elapsed();
                  }

                  @Override
                  public boolean pause(Duration pause, CountDownLatch end) {
                    throw new AssertionError("nothing failed");
                  }
                }));
    toAll(dispatcher, SampleNotifications.first("n1"));
    toAll(dispatcher, SampleNotifications.first("n2"));
    started.await();
    ending.set(true);
    dispatcher.close();

    assertThat(delivered).containsExactly("n1", "n2");
  }

  @Test
  void close_interruptsHangingAttemptsAndLogsPending() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Notifier hanging =
        notification -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException givenUp) {
            interrupted.countDown();
            throw givenUp;
          }
          return DELIVERED;
        };
    Logger logger = (Logger) LoggerFactory.getLogger(Dispatcher.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      Dispatcher dispatcher = dispatcher(Map.of("ops", hanging));
      toAll(dispatcher, SampleNotifications.first("n1"));
      toAll(dispatcher, SampleNotifications.first("n2"));
      started.await();
      dispatcher.close();
      interrupted.await();
    } finally {
      logger.detachAppender(lines);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("pending notifications of receiver ops at the end: 2");
  }

  @Test
  void close_doesNotWaitForAnUninterruptibleAttempt() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    Semaphore end = new Semaphore(0);
    Notifier deaf =
        notification -> {
          started.countDown();
          end.acquireUninterruptibly();
          return DELIVERED;
        };
    Dispatcher dispatcher = dispatcher(Map.of("ops", deaf));
    toAll(dispatcher, SampleNotifications.first());
    started.await();
    dispatcher.close();

    assertThat(dispatcher.outbox().get("ops").pending()).isEqualTo(1);
    end.release();
  }

  @Test
  void changedReceiver_getsPendingNotificationsAtOnce() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    Notifier down =
        notification -> {
          tried.countDown();
          return new Delivery.Retry("down", Duration.ofHours(1));
        };
    try (Dispatcher dispatcher = dispatcher(Map.of("ops", down))) {
      toAll(dispatcher, SampleNotifications.first("n1"));
      toAll(dispatcher, SampleNotifications.first("n2"));
      tried.await();
      dispatcher.change(recipients(Map.of("ops", healthy)));
      assertThat(List.of(delivered.take(), delivered.take())).containsExactly("n1", "n2");
    }
  }

  @Test
  void removedReceiver_getsPendingNotificationsAndNothingNew() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Notifier slow =
        notification -> {
          started.countDown();
          answer.await();
          return healthy.deliver(notification);
        };
    try (Dispatcher dispatcher = dispatcher(Map.of("old", slow))) {
      toAll(dispatcher, SampleNotifications.first("n1"));
      toAll(dispatcher, SampleNotifications.first("n2"));
      started.await();
      BlockingQueue<String> others = new LinkedBlockingQueue<>();
      Notifier fresh =
          notification -> {
            others.add(notification.id());
            return DELIVERED;
          };
      dispatcher.change(recipients(Map.of("new", fresh)));
      dispatcher.send(
          List.of(new RoutedNotification(SampleNotifications.first("n3"), Set.of("old", "new"))));
      assertThat(dispatcher.outbox()).containsOnlyKeys("new");
      answer.countDown();
      assertThat(List.of(delivered.take(), delivered.take())).containsExactly("n1", "n2");
      assertThat(others.take()).isEqualTo("n3");
      assertThat(delivered).isEmpty();
    }
  }

  @Test
  void receiverRemovedAndAddedAgain_getsEachNotificationOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Notifier slow =
        notification -> {
          begun.countDown();
          answer.await();
          return healthy.deliver(notification);
        };
    RecordingLedger ledger = new RecordingLedger();
    try (Dispatcher dispatcher =
        new Dispatcher(
            recipients(Map.of("ops", slow)),
            NOBODY,
            ledger,
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM)) {
      for (String id : List.of("n1", "n2")) {
        toAll(dispatcher, SampleNotifications.first(id));
        ledger.pending.add(new Ledger.Pending(SampleNotifications.first(id), Duration.ZERO));
      }
      begun.await();
      dispatcher.change(Map.of());
      ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n3"), Duration.ZERO));
      dispatcher.change(recipients(Map.of("ops", healthy)));
      toAll(dispatcher, SampleNotifications.first("n4"));
      answer.countDown();

      assertThat(List.of(delivered.take(), delivered.take(), delivered.take(), delivered.take()))
          .containsExactly("n1", "n2", "n3", "n4");
    }
    assertThat(delivered).isEmpty();
  }

  @Test
  void ledgerReadLate_olderNotificationsComeFirst() throws Exception {
    RecordingLedger ledger = new RecordingLedger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Notifier slow =
        notification -> {
          begun.countDown();
          answer.await();
          return healthy.deliver(notification);
        };
    try (Dispatcher dispatcher =
        new Dispatcher(
            recipients(Map.of("ops", slow)),
            NOBODY,
            ledger,
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM)) {
      toAll(dispatcher, SampleNotifications.first("n1"));
      begun.await();
      toAll(dispatcher, SampleNotifications.first("n2"));
      ledger.earlier.add(new Ledger.Pending(SampleNotifications.first("n0"), Duration.ZERO));
      dispatcher.takeOverEarlier();
      dispatcher.takeOverEarlier();
      answer.countDown();
      assertThat(List.of(delivered.take(), delivered.take(), delivered.take()))
          .containsExactly("n1", "n0", "n2");
    }
    assertThat(delivered).isEmpty();
  }

  @Test
  void removedReceiver_pendingNotificationsAreLogged() throws Exception {
    Notifier down = notification -> new Delivery.Retry("down", Duration.ofHours(1));
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    Logger logger = (Logger) LoggerFactory.getLogger(Dispatcher.class);
    AppenderBase<ILoggingEvent> lines =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent line) {
            said.add(line.getFormattedMessage());
          }
        };
    lines.start();
    logger.addAppender(lines);
    try (Dispatcher dispatcher = dispatcher(Map.of("ops", down))) {
      toAll(dispatcher, SampleNotifications.first("n1"));
      dispatcher.change(Map.of());
      assertThat(said.take()).isEqualTo("pending notifications of receiver ops at the end: 1");
    } finally {
      logger.detachAppender(lines);
    }
  }

  private static Outbox.Shared post(Timing timing) {
    return new Outbox.Shared(
        NOBODY,
        new RecordingLedger(),
        RateLimit.UNLIMITED,
        timing,
        new Random(611),
        Threads.SYSTEM);
  }

  private static Map<String, ConfiguredReceiver> recipients(Map<String, Notifier> notifiers) {
    Map<String, ConfiguredReceiver> recipients = new LinkedHashMap<>();
    notifiers.forEach((name, notifier) -> recipients.put(name, ConfiguredReceiver.ofAll(notifier)));
    return recipients;
  }

  private static Dispatcher dispatcher(Map<String, Notifier> receivers) {
    return new Dispatcher(
        recipients(receivers),
        NOBODY,
        new RecordingLedger(),
        RateLimit.UNLIMITED,
        new Random(611),
        Timing.SYSTEM,
        Threads.SYSTEM);
  }
}
