package io.portcurfew.notify;

import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the pending notifications of one receiver in order. The outcome of each is recorded
 * after it happened, so a crash repeats one message at worst.
 */
final class Outbox implements Runnable {

  static final Duration GIVE_UP = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final String receiver;
  private final Shared shared;
  private final Timing timing;
  private final TokenBucket bucket;
  private final Backlog backlog;
  private volatile Notifier notifier;
  private Grouping grouping;
  // Ends the wait for others of a group early.
  private CountDownLatch endOfGroup = new CountDownLatch(1);
  // Ends a pause between two attempts early.
  private volatile CountDownLatch wake = new CountDownLatch(1);
  // Ends the wait for a token early.
  private volatile CountDownLatch urgent = new CountDownLatch(1);
  private final CriticalPass pass;
  private volatile boolean closing;
  private long dead;
  // A scrape reads it without the lock, which is held while the ledger writes to the disk.
  private volatile OutboxCounts counts;

  /** The parts that all receivers share. */
  record Shared(
      DeliveryListener listener,
      Ledger ledger,
      RateLimit rate,
      Timing timing,
      RandomGenerator random,
      Threads threads) {}

  /** Starts with the pending notifications of the ledger. */
  Outbox(String receiver, ConfiguredReceiver configured, Shared shared) {
    this.receiver = receiver;
    this.notifier = configured.notifier();
    this.grouping = configured.grouping();
    this.shared = shared;
    this.timing = shared.timing();
    Duration now = timing.elapsed();
    this.bucket = new TokenBucket(shared.rate(), now);
    this.pass = new CriticalPass(shared.rate());
    this.backlog = new Backlog(receiver, shared.ledger(), now);
    this.counts = backlog.counts(0);
  }

  /** Called after each change of the backlog, under the lock. */
  private void publish() {
    counts = backlog.counts(dead);
  }

  /** Queues notifications; after {@link #close} they stay in the ledger. */
  synchronized void add(List<Notification> all) {
    if (!closing) {
      all.forEach(this::add);
      publish();
    }
  }

  private void add(Notification notification) {
    backlog.add(notification, timing.elapsed());
    if (!grouping.holds(notification)) {
      endGroupWait();
      endTokenWait();
    }
  }

  private void endTokenWait() {
    urgent.countDown();
    urgent = new CountDownLatch(1);
  }

  private void endGroupWait() {
    endOfGroup.countDown();
    endOfGroup = new CountDownLatch(1);
  }

  /** Adds the pending ones of the ledger; for a ledger opened late. */
  synchronized void readLedger() {
    backlog.read(timing.elapsed());
    publish();
  }

  /** Reads the ledger again if it could not be read; returns true if it could not be. */
  synchronized boolean readLedgerAgain() {
    boolean again = backlog.readAgain(timing.elapsed());
    publish();
    return again;
  }

  /** Goes on after {@link #close} with another notifier and everything that the ledger has. */
  synchronized void reopen(ConfiguredReceiver other) {
    closing = false;
    change(other);
    readLedger();
  }

  /** The state after the last change; waits for no lock. */
  OutboxState state() {
    return counts.at(timing.elapsed());
  }

  Notifier notifier() {
    return notifier;
  }

  /** Replaces the receiver, and ends a pause before the next attempt. */
  synchronized void change(ConfiguredReceiver other) {
    notifier.close();
    notifier = other.notifier();
    grouping = other.grouping();
    endGroupWait();
    CountDownLatch waited = wake;
    wake = new CountDownLatch(1);
    waited.countDown();
    endTokenWait();
  }

  /** Ends it once nothing waits or the receiver does not answer. */
  synchronized void close() {
    closing = true;
    wake.countDown();
    endTokenWait();
    endGroupWait();
  }

  /** Delivers until nothing waits or it is interrupted. */
  @Override
  public void run() {
    try {
      while (hasPending() && gatherGroup() && awaitToken()) {
        if (!deliver(take())) {
          return;
        }
        done();
      }
    } catch (InterruptedException ended) {
      // The ledger holds the rest, and ReceiverWorker logs its number.
    } finally {
      closeNotifier();
    }
  }

  private synchronized void closeNotifier() {
    if (closing) {
      notifier.close();
    }
  }

  private synchronized boolean hasPending() {
    return !backlog.isEmpty();
  }

  /** Waits for the group window, then merges the group. Always true. */
  private boolean gatherGroup() throws InterruptedException {
    while (true) {
      CountDownLatch end;
      Duration left;
      synchronized (this) {
        end = endOfGroup;
        left = closing ? Duration.ZERO : backlog.leftToGather(grouping, timing.elapsed());
        if (left.isZero()) {
          backlog.gather(grouping);
          publish();
          return true;
        }
      }
      timing.pause(left, end);
    }
  }

  /**
   * Waits for a token of the rate limit, but not after {@link #close}. Notifications that waited
   * for a token are merged, and so are more notifications than tokens: a flood is one message, and
   * it comes at once. A critical one that {@linkplain CriticalPass may pass} needs no token.
   */
  private boolean awaitToken() throws InterruptedException {
    boolean waited = false;
    while (true) {
      CountDownLatch end;
      Duration pause;
      synchronized (this) {
        end = urgent;
        Duration now = timing.elapsed();
        pause = bucket.waitTime(now);
        int most = waited ? Math.min(1, bucket.left(now)) : bucket.left(now);
        boolean blocked = !waited || !pause.isZero();
        if (blocked && backlog.exceeds(most) && backlog.bringForward(pass, now)) {
          return true;
        }
        if (pause.isZero()) {
          backlog.stayWithin(most);
          publish();
          bucket.take(now);
          return true;
        }
      }
      waited = true;
      if (!timing.pause(pause, end) && closing) {
        return false;
      }
    }
  }

  private synchronized Backlog.Waiting take() {
    return backlog.take();
  }

  private synchronized void done() {
    backlog.removeFirst();
    publish();
  }

  /** Retries until delivered or refused; returns false if closing first. */
  private boolean deliver(Backlog.Waiting waiting) throws InterruptedException {
    for (int attempt = 1; true; attempt++) {
      CountDownLatch end = wake;
      Delivery outcome = inTime(waiting, attempt(waiting.notification()));
      saveOutcome(waiting.notification(), attempt, outcome);
      shared.listener().attempted(receiver, outcome);
      log(waiting.notification(), attempt, outcome);
      if (!(outcome instanceof Delivery.Retry retry)) {
        return true;
      }
      Duration pause = Backoff.after(attempt, retry.after(), shared.random().nextDouble());
      if (!timing.pause(pause, end) && closing) {
        return false;
      }
    }
  }

  private Delivery attempt(Notification notification) throws InterruptedException {
    try {
      return notifier.deliver(notification.at(shared.ledger().head()));
    } catch (OutOfMemoryError notNow) {
      LOG.error("cannot get memory or a thread to notify receiver {}", receiver, notNow);
      return new Delivery.Retry("the agent cannot get memory or a thread", null);
    } catch (RuntimeException | Error bug) {
      // It would come again with the same notification, and hold up all that wait behind it.
      LOG.error("internal error while notifying receiver {}", receiver, bug);
      return new Delivery.Refused("internal error of the agent; its log has the details");
    }
  }

  private Delivery inTime(Backlog.Waiting waiting, Delivery outcome) {
    boolean late = timing.elapsed().minus(waiting.since()).compareTo(GIVE_UP) > 0;
    return late && outcome instanceof Delivery.Retry retry
        ? new Delivery.Refused("given up after " + GIVE_UP.toDays() + " days: " + retry.why())
        : outcome;
  }

  private void saveOutcome(Notification notification, int attempt, Delivery outcome) {
    if (outcome instanceof Delivery.Delivered) {
      shared.ledger().delivered(receiver, notification, attempt);
    } else if (outcome instanceof Delivery.Refused refused) {
      shared.ledger().dead(receiver, notification, attempt, refused.why());
      countDead();
    }
  }

  private synchronized void countDead() {
    dead++;
    publish();
  }

  /** Logs the first failure at once; the later ones would fill the log. */
  private void log(Notification notification, int attempt, Delivery outcome) {
    String id = notification.id();
    if (outcome instanceof Delivery.Refused refused) {
      LOG.warn("giving up on notification {} to receiver {}: {}", id, receiver, refused.why());
    } else if (outcome instanceof Delivery.Retry retry && attempt == 1) {
      LOG.warn("notification {} to receiver {} failed, retrying: {}", id, receiver, retry.why());
    } else if (outcome instanceof Delivery.Retry retry) {
      LOG.debug(
          "attempt {} of notification {} to receiver {} failed: {}",
          attempt,
          id,
          receiver,
          retry.why());
    } else if (attempt > 1) {
      LOG.info("notification {} to receiver {} delivered at attempt {}", id, receiver, attempt);
    }
  }
}
