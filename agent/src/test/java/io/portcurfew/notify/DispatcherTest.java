package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

  private final DispatcherFixture ops = new DispatcherFixture();

  @Test
  void hangingReceiver_delaysNoOther() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Notifier hanging =
        notification -> {
          never.await();
          return DispatcherFixture.DELIVERED;
        };
    try (Dispatcher dispatcher =
        DispatcherFixture.dispatcher(Map.of("hanging", hanging, "ops", ops.healthy))) {
      IntStream.range(0, 1000)
          .forEach(i -> DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n" + i)));

      for (int i = 0; i < 1000; i++) {
        assertThat(ops.delivered.take()).isEqualTo("n" + i);
      }
      assertThat(dispatcher.outbox().get("hanging").pending()).isEqualTo(1000);
    }
  }

  @Test
  void downReceiver_delaysNoOther() throws Exception {
    Notifier down = notification -> new Delivery.Retry("down", null);
    try (Dispatcher dispatcher =
        DispatcherFixture.dispatcher(Map.of("down", down, "ops", ops.healthy))) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      assertThat(ops.delivered.take()).isEqualTo("n1");
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
      assertThat(ops.delivered.take()).isEqualTo("n2");
    }
  }

  @Test
  void everyAttemptIsReportedWithItsReceiver() throws Exception {
    BlockingQueue<String> notified = new LinkedBlockingQueue<>();
    DeliveryListener listener = (receiver, outcome) -> notified.add(receiver + " " + outcome);
    Notifier refusing = notification -> new Delivery.Refused("no");
    try (Dispatcher dispatcher =
        new Dispatcher(
            DispatcherFixture.recipients(new TreeMap<>(Map.of("a", ops.healthy, "b", refusing))),
            listener,
            new RecordingLedger(),
            RateLimit.UNLIMITED,
            new Random(611),
            Timing.SYSTEM,
            Threads.SYSTEM)) {
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first());

      assertThat(List.of(notified.take(), notified.take()))
          .containsExactlyInAnyOrder("a Delivered[answer=]", "b Refused[why=no]");
    }
  }

  @Test
  void receiversKeepTheirOrder() {
    try (Dispatcher dispatcher =
        DispatcherFixture.dispatcher(new TreeMap<>(Map.of("b", ops.healthy, "a", ops.healthy)))) {
      assertThat(dispatcher.outbox()).containsOnlyKeys("a", "b");
      assertThat(dispatcher.outbox().values()).containsOnly(new OutboxState(0, null, 0, 0));
    }
  }

  @Test
  void runningAttemptIsCompletedAtTheEnd() throws Exception {
    AtomicBoolean ending = new AtomicBoolean();
    DispatcherFixture.WaitingNotifier slow = ops.new WaitingNotifier();
    Dispatcher dispatcher =
        new Dispatcher(
            DispatcherFixture.recipients(Map.of("ops", slow)),
            DispatcherFixture.post(
                new Timing() {
                  @Override
                  public Duration elapsed() {
                    if (ending.get()) {
                      slow.answer.countDown();
                    }
                    return SYSTEM.elapsed();
                  }

                  @Override
                  public boolean pause(Duration pause, CountDownLatch end) {
                    throw new AssertionError("nothing failed");
                  }
                }));
    DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
    DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
    slow.begun.await();
    ending.set(true);
    dispatcher.close();

    assertThat(ops.delivered).containsExactly("n1", "n2");
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
          return DispatcherFixture.DELIVERED;
        };
    Logger logger = (Logger) LoggerFactory.getLogger(Dispatcher.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", hanging));
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n1"));
      DispatcherFixture.toAll(dispatcher, SampleNotifications.first("n2"));
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
          return DispatcherFixture.DELIVERED;
        };
    Dispatcher dispatcher = DispatcherFixture.dispatcher(Map.of("ops", deaf));
    DispatcherFixture.toAll(dispatcher, SampleNotifications.first());
    started.await();
    dispatcher.close();

    assertThat(dispatcher.outbox().get("ops").pending()).isEqualTo(1);
    end.release();
  }
}
