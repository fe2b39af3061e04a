package io.portcurfew.notify;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** One outbox with virtual time on the thread of the test; it ends once it is closed and empty. */
@Timeout(30)
abstract class OutboxFixture {

  static final Delivery DELIVERED = new Delivery.Delivered();
  static final Delivery RETRY = new Delivery.Retry("h:1 answered 503", null);
  static final Delivery REFUSED = new Delivery.Refused("h:1 answered 404");

  final List<String> attempts = new ArrayList<>();
  final List<Delivery> outcomes = new ArrayList<>();
  final RecordingLedger ledger = new RecordingLedger();
  final VirtualTime time = new VirtualTime();
  final Logger logger = (Logger) LoggerFactory.getLogger(Outbox.class);
  final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  /** Skips each pause. */
  static final class VirtualTime implements Timing {

    final List<Duration> pauses = new ArrayList<>();
    Duration now = Duration.ZERO;
    boolean closing;

    @Override
    public Duration elapsed() {
      return now;
    }

    @Override
    public boolean pause(Duration pause, CountDownLatch end) {
      pauses.add(pause);
      now = now.plus(pause);
      return !closing;
    }
  }

  static void deliver(Outbox outbox, String... ids) {
    for (String id : ids) {
      outbox.add(List.of(SampleNotifications.first(id)));
    }
    outbox.close();
    outbox.run();
  }

  Outbox outbox(Notifier notifier) {
    return outbox(notifier, RateLimit.UNLIMITED);
  }

  Outbox outbox(Notifier notifier, RateLimit rate) {
    return outbox(ConfiguredReceiver.ofAll(notifier), rate);
  }

  Outbox outbox(Notifier notifier, Grouping grouping) {
    return outbox(
        new ConfiguredReceiver(notifier, ReceiverFilter.ALL, grouping), RateLimit.UNLIMITED);
  }

  Outbox outbox(ConfiguredReceiver receiver, RateLimit rate) {
    DeliveryListener listener = (name, outcome) -> outcomes.add(outcome);
    return new Outbox(
        "ops",
        receiver,
        new Outbox.Shared(listener, ledger, rate, time, new Random(611), Threads.SYSTEM));
  }

  /** Returns these outcomes in turn, then the last one for ever. */
  Notifier answering(Delivery... answers) {
    Iterator<Delivery> next = List.of(answers).iterator();
    Delivery last = answers[answers.length - 1];
    return notification -> {
      attempts.add(notification.id());
      return next.hasNext() ? next.next() : last;
    };
  }

  static Notifier recording(List<Notification> delivered) {
    return notification -> {
      delivered.add(notification);
      return DELIVERED;
    };
  }

  List<String> log() {
    return lines.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(line -> line.getLevel() + " " + line.getFormattedMessage())
        .toList();
  }
}
