package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Receivers that change, go and come back. The time limit shows that nothing waits for ever. */
@Timeout(30)
class DispatcherChangeTest {

  private final DispatcherFixture ops = new DispatcherFixture();

  @Test
  void changedReceiver_getsPendingNotificationsAtOnce() throws Exception {
    CountDownLatch tried = new CountDownLatch(1);
    Notifier down =
        notification -> {
          tried.countDown();
          return new Delivery.Retry("down", Duration.ofHours(1));
        };
    try (Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", down))) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
      tried.await();
      dispatcher.change(DispatcherFixture.recipients(Map.of("ops", ops.healthy)));
      assertThat(List.of(ops.delivered.take(), ops.delivered.take())).containsExactly("n1", "n2");
    }
  }

  @Test
  void removedReceiver_getsPendingNotificationsAndNothingNew() throws Exception {
    DispatcherFixture.WaitingNotifier slow = ops.new WaitingNotifier();
    try (Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("old", slow))) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
      slow.begun.await();
      BlockingQueue<String> others = new LinkedBlockingQueue<>();
      Notifier fresh =
          notification -> {
            others.add(notification.id());
            return DispatcherFixture.DELIVERED;
          };
      dispatcher.change(DispatcherFixture.recipients(Map.of("new", fresh)));
      dispatcher.send(
          List.of(new RoutedNotification(SampleNotifications.first("n3"), Set.of("old", "new"))));
      assertThat(dispatcher.outbox()).containsOnlyKeys("new");
      slow.answer.countDown();
      assertThat(List.of(ops.delivered.take(), ops.delivered.take())).containsExactly("n1", "n2");
      assertThat(others.take()).isEqualTo("n3");
      assertThat(ops.delivered).isEmpty();
    }
  }

  @Test
  void receiverRemovedAndAddedAgain_getsEachNotificationOnce() throws Exception {
    DispatcherFixture.WaitingNotifier slow = ops.new WaitingNotifier();
    RecordingLedger ledger = new RecordingLedger();
    try (Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", slow), ledger)) {
      for (String id : List.of("n1", "n2")) {
        DispatcherFixture.toAll(dispatcher, SampleNotifications.first(id));
        ledger.pending.add(new Ledger.Pending(SampleNotifications.first(id), Duration.ZERO));
      }
      slow.begun.await();
      dispatcher.change(Map.of());
      ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n3"), Duration.ZERO));
      dispatcher.change(DispatcherFixture.recipients(Map.of("ops", ops.healthy)));
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n4"));
      slow.answer.countDown();

      assertThat(
              List.of(
                  ops.delivered.take(),
                  ops.delivered.take(),
                  ops.delivered.take(),
                  ops.delivered.take()))
          .containsExactly("n1", "n2", "n3", "n4");
    }
    assertThat(ops.delivered).isEmpty();
  }

  @Test
  void ledgerReadLate_olderNotificationsComeFirst() throws Exception {
    RecordingLedger ledger = new RecordingLedger();
    DispatcherFixture.WaitingNotifier slow = ops.new WaitingNotifier();
    try (Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", slow), ledger)) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      slow.begun.await();
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
      ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n0"), Duration.ZERO));
      dispatcher.readLedger();
      dispatcher.readLedger();
      slow.answer.countDown();
      assertThat(List.of(ops.delivered.take(), ops.delivered.take(), ops.delivered.take()))
          .containsExactly("n1", "n0", "n2");
    }
    assertThat(ops.delivered).isEmpty();
  }

  @Test
  void addedReceiver_isReturnedAgainIfItsPendingNotificationsAreUnknown() {
    RecordingLedger ledger = new RecordingLedger();
    List<Notification> firing = List.of(SampleNotifications.first("n1"));
    try (Dispatcher dispatcher =
        DispatcherFixture.dispatcher(Map.of("ops", ops.healthy, "new", ops.healthy), ledger)) {
      dispatcher.addNew("new"::equals);
      assertThat(dispatcher.takeAdded()).containsExactly("new");
      ledger.unreadable = true;
      assertThat(dispatcher.route(firing, Set.of("new"))).isEmpty();
      assertThat(dispatcher.receivers()).as("saved as informed").containsExactly("ops");

      ledger.unreadable = false;
      assertThat(dispatcher.takeAdded()).containsExactly("new");
      assertThat(dispatcher.route(firing, Set.of("new"))).hasSize(1);
      assertThat(dispatcher.receivers()).containsExactlyInAnyOrder("new", "ops");
    }
  }

  @Test
  void receiverAddedAfterTheEnd_getsNothing() {
    RecordingLedger ledger = new RecordingLedger();
    Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of(), ledger);
    dispatcher.close();
    ledger.pending.add(new Ledger.Pending(SampleNotifications.first("n1"), Duration.ZERO));
    dispatcher.change(DispatcherFixture.recipients(Map.of("ops", ops.healthy)));
    assertThat(dispatcher.outbox()).isEmpty();
    assertThat(ops.delivered).isEmpty();
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
    try (Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", down))) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      dispatcher.change(Map.of());
      assertThat(said.take()).isEqualTo("pending notifications of receiver ops at the end: 1");
    } finally {
      logger.detachAppender(lines);
    }
  }
}
