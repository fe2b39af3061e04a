package io.portcurfew;

import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Severity;
import io.portcurfew.notify.Addressed;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Looked;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on what a scan has to tell, in order and off the scan's own thread: before something
 * critical is told, every source looks once more, and what each of them says of the endpoint goes
 * into the notification.
 */
final class Teller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

  /** How long an alert waits for its evidence: a tool that hangs must not keep it back. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** When more scans than this that have something to tell wait, they are told without evidence. */
  private static final int MOST = 100;

  private final BlockingQueue<List<Addressed>> waiting = new LinkedBlockingQueue<>();
  private final BiConsumer<Notification, Set<String>> told;
  private volatile boolean closed;
  private boolean wasFull;

  Teller(BiConsumer<Notification, Set<String>> told) {
    this.told = told;
  }

  /** Looks with every source. */
  @FunctionalInterface
  interface Witnesses {
    List<Looked> look(Duration limit) throws InterruptedException;
  }

  /** Starts the thread that tells. */
  void start(Witnesses witnesses) {
    Thread thread = new Thread(() -> run(witnesses), "portcurfew-tell");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes what one scan has to tell, and returns at once. */
  void tell(List<Addressed> batch) {
    if (batch.isEmpty()) {
      return;
    }
    boolean full = waiting.size() >= MOST;
    waiting.add(batch);
    if (full && !wasFull) {
      LOG.warn("more alerts than can be looked into: some are told without evidence");
    }
    wasFull = full;
  }

  private void run(Witnesses witnesses) {
    try {
      while (!closed) {
        tell(waiting.take(), witnesses);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(List<Addressed> batch, Witnesses witnesses) throws InterruptedException {
    boolean critical = batch.stream().map(Addressed::notification).anyMatch(Teller::wantsEvidence);
    boolean inTime = waiting.size() < MOST;
    tell(batch, critical && inTime ? gather(witnesses) : Evidence.NONE);
  }

  private void tell(List<Addressed> batch, Evidence evidence) {
    for (Addressed each : batch) {
      Notification one = each.notification();
      told.accept(wantsEvidence(one) ? evidence.addTo(one) : one, each.receivers());
    }
  }

  /** A bug in a source must not keep the alert from being told. */
  private static Evidence gather(Witnesses witnesses) throws InterruptedException {
    try {
      return Evidence.of(witnesses.look(PATIENCE));
    } catch (RuntimeException bug) {
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
    List<Addressed> next = waiting.poll();
    while (next != null) {
      tell(next, Evidence.NONE);
      next = waiting.poll();
    }
  }
}
