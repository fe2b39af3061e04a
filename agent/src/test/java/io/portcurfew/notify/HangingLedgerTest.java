package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The state of the outboxes, for a scrape, while the disk does not answer. */
@Timeout(60)
class HangingLedgerTest {

  private static final RateLimit NOTHING_AT_ONCE = new RateLimit(1, RateLimit.USUAL.every());

  private final HangingLedger ledger = new HangingLedger();
  private final Notifier healthy = notification -> new Delivery.Delivered();

  /** Its calls hang from the first one on that is chosen to. */
  private static final class HangingLedger implements Ledger {

    private final CountDownLatch hangs = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private volatile boolean readHangs;

    private void hang() {
      hangs.countDown();
      boolean interrupted = false;
      while (answer.getCount() > 0) {
        try {
          answer.await();
        } catch (InterruptedException end) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public Optional<List<Pending>> pending(String receiver) {
      if (readHangs) {
        hang();
      }
      return Optional.of(List.of());
    }

    @Override
    public void delivered(String receiver, Notification notification, int attempts) {}

    @Override
    public void dead(String receiver, Notification notification, int attempts, String why) {}

    @Override
    public void folded(String receiver, List<Notification> all, Notification summary) {
      hang();
    }
  }

  @AfterEach
  void answer() {
    ledger.answer.countDown();
  }

  /** On another thread, because a wait for a lock cannot be interrupted by the time limit. */
  private Map<String, OutboxState> outboxWhileItHangs(Dispatcher dispatcher) throws Exception {
    FutureTask<Map<String, OutboxState>> scrape = new FutureTask<>(dispatcher::outbox);
    DaemonThreads.of("scrape", scrape).start();
    try {
      return scrape.get();
    } finally {
      ledger.answer.countDown();
    }
  }

  private Dispatcher dispatcher() {
    return new Dispatcher(
        Map.of("ops", ConfiguredReceiver.ofAll(healthy)),
        DispatcherFixture.NOBODY,
        ledger,
        NOTHING_AT_ONCE,
        new Random(611),
        Timing.SYSTEM,
        Threads.SYSTEM);
  }

  @Test
  void summaryThatIsBeingSaved_doesNotDelayTheState() throws Exception {
    try (Dispatcher dispatcher = dispatcher()) {
      List<RoutedNotification> many =
          IntStream.range(0, 20)
              .mapToObj(NumberedNotifications::warning)
              .map(one -> new RoutedNotification(one, Set.of("ops")))
              .toList();
      dispatcher.send(many);
      ledger.hangs.await();
      assertThat(outboxWhileItHangs(dispatcher).get("ops").pending()).isEqualTo(20);
    }
  }

  @Test
  void pendingOnesThatAreBeingRead_doNotDelayTheState() throws Exception {
    try (Dispatcher dispatcher = dispatcher()) {
      ledger.readHangs = true;
      Thread scan =
          new Thread(
              () -> dispatcher.route(List.of(SampleNotifications.first()), Set.of("ops")), "scan");
      scan.start();
      ledger.hangs.await();
      assertThat(outboxWhileItHangs(dispatcher)).containsOnlyKeys("ops");
      scan.join();
    }
  }
}
