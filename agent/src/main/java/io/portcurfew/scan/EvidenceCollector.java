package io.portcurfew.scan;

import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.OnDemand;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.TimedView;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on what a scan has to tell, in order and off the scan's own thread: before something
 * critical is told, every source looks once more, and what each of them says of the endpoint goes
 * into the notification.
 */
public final class EvidenceCollector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EvidenceCollector.class);

  /** How long an alert waits for its evidence: a tool that hangs must not keep it back. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** When more scans than this that have something to tell wait, they are told without evidence. */
  private static final int MOST = 100;

  private final ThreadPoolExecutor thread = OnDemand.thread("portcurfew-tell");
  private final Consumer<List<RoutedNotification>> told;
  private volatile Witnesses witnesses = limit -> List.of();
  private volatile boolean closed;
  private boolean wasFull;

  public EvidenceCollector(Consumer<List<RoutedNotification>> told) {
    this.told = told;
  }

  /** Looks with every source. */
  @FunctionalInterface
  public interface Witnesses {
    List<TimedView> look(Duration limit) throws InterruptedException;
  }

  /** Asks these from now on. */
  public void ask(Witnesses others) {
    witnesses = others;
  }

  /** Takes what one scan has to tell, and returns at once. */
  void tell(List<RoutedNotification> batch) {
    if (batch.isEmpty()) {
      return;
    }
    boolean full = isFull();
    begin(batch);
    if (full && !wasFull) {
      LOG.warn("more alerts than can be looked into: some are told without evidence");
    }
    wasFull = full;
  }

  private void begin(List<RoutedNotification> batch) {
    try {
      thread.execute(() -> tellNow(batch));
    } catch (OutOfMemoryError noThread) {
      told.accept(batch);
    }
  }

  private boolean isFull() {
    return thread.getQueue().size() >= MOST;
  }

  private void tellNow(List<RoutedNotification> batch) {
    boolean critical =
        batch.stream()
            .map(RoutedNotification::notification)
            .anyMatch(EvidenceCollector::wantsEvidence);
    Evidence evidence = critical && !isFull() && !closed ? gather() : Evidence.NONE;
    told.accept(batch.stream().map(each -> with(evidence, each)).toList());
  }

  private static RoutedNotification with(Evidence evidence, RoutedNotification each) {
    Notification one = each.notification();
    return wantsEvidence(one)
        ? new RoutedNotification(evidence.addTo(one), each.receivers())
        : each;
  }

  /** A bug in a source must not keep the alert from being told. */
  private Evidence gather() {
    try {
      return Evidence.of(witnesses.look(PATIENCE));
    } catch (InterruptedException end) {
      return Evidence.NONE;
    } catch (RuntimeException | Error bug) {
      LOG.error("the look for evidence failed; this is a bug of portcurfew", bug);
      return Evidence.NONE;
    }
  }

  private static boolean wantsEvidence(Notification notification) {
    Finding finding = notification.alert().finding();
    return (notification.reason() == Reason.FIRST || notification.reason() == Reason.CHANGED)
        && finding.severity() == Severity.CRITICAL
        && finding.endpoint() != null;
  }

  /** What still waits is told without evidence. */
  @Override
  public void close() {
    closed = true;
    List<Runnable> left = thread.shutdownNow();
    awaitTheOneUnderWay();
    left.forEach(Runnable::run);
  }

  private void awaitTheOneUnderWay() {
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("a look for evidence does not end");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
