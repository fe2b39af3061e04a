package io.portcurfew;

import io.portcurfew.alert.Reason;
import io.portcurfew.judge.Finding;
import io.portcurfew.judge.Severity;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Looked;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
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

  /**
   * More scans than this that have something to tell do not wait; the next is told without
   * evidence.
   */
  private static final int MOST = 100;

  private final BlockingQueue<List<Notification>> waiting = new ArrayBlockingQueue<>(MOST);
  private final Consumer<Notification> told;
  private volatile boolean closed;
  private boolean wasFull;

  Teller(Consumer<Notification> told) {
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
  void tell(List<Notification> notifications) {
    if (notifications.isEmpty()) {
      return;
    }
    boolean full = !waiting.offer(notifications);
    if (full) {
      notifications.forEach(told);
    }
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

  private void tell(List<Notification> batch, Witnesses witnesses) throws InterruptedException {
    boolean critical = batch.stream().anyMatch(Teller::wantsEvidence);
    Evidence evidence = critical ? gather(witnesses) : Evidence.NONE;
    batch.forEach(one -> told.accept(wantsEvidence(one) ? evidence.addTo(one) : one));
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
    return notification.reason() == Reason.FIRST
        && finding.severity() == Severity.CRITICAL
        && finding.endpoint() != null;
  }

  /** What still waits is told without evidence. */
  @Override
  public void close() {
    closed = true;
    List<Notification> next = waiting.poll();
    while (next != null) {
      next.forEach(told);
      next = waiting.poll();
    }
  }
}
