package io.portcurfew.scan;

import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.TimedView;
import io.portcurfew.policy.Severity;
import io.portcurfew.process.DaemonThreads;
import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the notifications of each scan on, in order and on a thread of its own. Before a critical
 * one every source looks once more, and the notification gets a line from each of them.
 */
public final class EvidenceCollector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EvidenceCollector.class);

  /**
   * The time that a notification waits for evidence: a tool that hangs must not delay it longer.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** If more batches than this wait, they are sent without evidence. */
  private static final int MOST = 100;

  private final ExecutorService thread;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<String> unsent = new ConcurrentLinkedQueue<>();
  private final Witnesses witnesses;
  private final Consumer<List<RoutedNotification>> receivers;
  private volatile boolean closed;
  private boolean wasFull;

  /**
   * @param receivers gets the notifications, from another thread
   */
  public EvidenceCollector(
      Witnesses witnesses, Consumer<List<RoutedNotification>> receivers, Threads threads) {
    this.thread = threads.oneByOne("portcurfew-evidence");
    this.witnesses = witnesses;
    this.receivers = receivers;
  }

  /** Looks with every source. */
  @FunctionalInterface
  public interface Witnesses {
    /** The view of each source that answers in time. */
    List<TimedView> look(Duration limit) throws InterruptedException;
  }

  /** Sends the notifications of one scan, and returns at once. */
  void send(List<RoutedNotification> batch) {
    if (batch.isEmpty()) {
      return;
    }
    boolean full = isFull();
    enqueue(batch, true);
    if (full && !wasFull) {
      LOG.warn("too many alerts at once: some are sent without evidence");
    }
    wasFull = full;
  }

  /**
   * Sends notifications without evidence, at once unless an earlier one of the same alert still
   * waits for its evidence.
   */
  void sendAtOnce(List<RoutedNotification> batch) {
    if (Collections.disjoint(unsent, ids(batch))) {
      receivers.accept(batch);
    } else {
      enqueue(batch, false);
    }
  }

  private static List<String> ids(List<RoutedNotification> batch) {
    return batch.stream().map(each -> each.notification().alert().id()).toList();
  }

  private void enqueue(List<RoutedNotification> batch, boolean evidence) {
    waiting.incrementAndGet();
    List<String> ids = ids(batch);
    unsent.addAll(ids);
    if (!DaemonThreads.execute(thread, () -> sendNow(batch, ids, evidence))) {
      waiting.decrementAndGet();
      receivers.accept(batch);
      ids.forEach(unsent::remove);
    }
  }

  private boolean isFull() {
    return waiting.get() >= MOST;
  }

  private void sendNow(List<RoutedNotification> batch, List<String> ids, boolean wanted) {
    waiting.decrementAndGet();
    boolean critical =
        wanted
            && batch.stream()
                .map(RoutedNotification::notification)
                .anyMatch(EvidenceCollector::wantsEvidence);
    Evidence evidence = critical && !isFull() && !closed ? gather() : Evidence.NONE;
    receivers.accept(batch.stream().map(each -> with(evidence, each)).toList());
    ids.forEach(unsent::remove);
  }

  private static RoutedNotification with(Evidence evidence, RoutedNotification each) {
    Notification one = each.notification();
    return wantsEvidence(one)
        ? new RoutedNotification(evidence.addTo(one), each.receivers())
        : each;
  }

  /** A bug in a source must not hold back the notification. */
  private Evidence gather() {
    try {
      return Evidence.of(witnesses.look(PATIENCE));
    } catch (InterruptedException end) {
      return Evidence.NONE;
    } catch (RuntimeException | Error bug) {
      LOG.error("collecting evidence failed; this is a bug in Portcurfew", bug);
      return Evidence.NONE;
    }
  }

  private static boolean wantsEvidence(Notification notification) {
    Finding finding = notification.alert().finding();
    return (notification.reason() == Reason.FIRST || notification.reason() == Reason.CHANGED)
        && finding.severity() == Severity.CRITICAL
        && finding.endpoint() != null;
  }

  /** Batches that still wait are sent without evidence. */
  @Override
  public void close() {
    closed = true;
    List<Runnable> left = thread.shutdownNow();
    awaitCurrent();
    left.forEach(Runnable::run);
  }

  private void awaitCurrent() {
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("collecting evidence does not end");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
