package io.portcurfew.notify;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one receiver is still to be told, in order, and the work of telling it. What becomes of each
 * notification is written down after it happened, so that a crash repeats one at worst.
 */
final class Outbox implements Runnable {

  static final Duration GIVE_UP = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final String receiver;
  private final Post post;
  private final Timing timing;
  private final TokenBucket turns;
  private final Backlog backlog;
  private volatile Notifier notifier;
  private Grouping grouping;
  // Ends the wait for others of a group.
  private CountDownLatch hurry = new CountDownLatch(1);
  // Ends a pause between two attempts.
  private volatile CountDownLatch wake = new CountDownLatch(1);
  private volatile boolean closing;
  private long dead;

  /** What all receivers share. */
  record Post(
      DeliveryListener listener,
      Ledger ledger,
      RateLimit rate,
      Timing timing,
      RandomGenerator random) {}

  /** Begins with what the ledger says is pending. */
  Outbox(String receiver, ConfiguredReceiver recipient, Post post) {
    this.receiver = receiver;
    this.notifier = recipient.notifier();
    this.grouping = recipient.grouping();
    this.post = post;
    this.timing = post.timing();
    Duration now = timing.elapsed();
    this.turns = new TokenBucket(post.rate(), now);
    this.backlog = new Backlog(receiver, post.ledger(), now);
  }

  /** Queues them behind the others; what comes after the end waits in the ledger. */
  synchronized void add(List<Notification> all) {
    if (!closing) {
      all.forEach(this::add);
    }
  }

  private void add(Notification notification) {
    backlog.add(notification, timing.elapsed());
    if (!grouping.holds(notification)) {
      hurry();
    }
  }

  private void hurry() {
    hurry.countDown();
    hurry = new CountDownLatch(1);
  }

  synchronized OutboxState state() {
    return backlog.state(timing.elapsed(), dead);
  }

  Notifier notifier() {
    return notifier;
  }

  /** Tells by this from now on, and tries at once where it waits for another attempt. */
  synchronized void change(ConfiguredReceiver other) {
    notifier.close();
    notifier = other.notifier();
    grouping = other.grouping();
    hurry();
    CountDownLatch waited = wake;
    wake = new CountDownLatch(1);
    waited.countDown();
  }

  /** Lets it end once nothing waits or the receiver does not answer. */
  synchronized void close() {
    closing = true;
    wake.countDown();
    hurry();
  }

  /** Tells the receiver what waits, until nothing does or it is interrupted. */
  @Override
  public void run() {
    try {
      while (isThereOne() && isGathered() && hasTurn()) {
        turns.take(timing.elapsed());
        if (!deliver(take())) {
          return;
        }
        done();
      }
    } catch (InterruptedException ended) {
      // What remains is in the ledger, and close says how much that is.
    } finally {
      letGo();
    }
  }

  private synchronized void letGo() {
    if (closing) {
      notifier.close();
    }
  }

  private synchronized boolean isThereOne() {
    return !backlog.isEmpty();
  }

  /** Waits until the first has waited for others of its group, and makes one of them; so it is. */
  private boolean isGathered() throws InterruptedException {
    while (true) {
      CountDownLatch end;
      Duration left;
      synchronized (this) {
        end = hurry;
        left = closing ? Duration.ZERO : backlog.leftToGather(grouping, timing.elapsed());
        if (left.isZero()) {
          backlog.gather(grouping);
          return true;
        }
      }
      timing.pause(left, end);
    }
  }

  /**
   * Waits for the next turn, not at the end. What waited for it is then told in one, and so is more
   * than there are turns for: a flood is one message, and it comes at once.
   */
  private boolean hasTurn() throws InterruptedException {
    Duration pause = turns.until(timing.elapsed());
    boolean waited = !pause.isZero();
    while (!pause.isZero()) {
      CountDownLatch end = wake;
      if (!timing.pause(pause, end) && closing) {
        return false;
      }
      pause = turns.until(timing.elapsed());
    }
    stayWithin(waited ? 1 : turns.left(timing.elapsed()));
    return true;
  }

  private synchronized void stayWithin(int most) {
    backlog.stayWithin(most);
  }

  private synchronized Backlog.Waiting take() {
    return backlog.take();
  }

  private synchronized void done() {
    backlog.removeFirst();
  }

  /** Tries until the receiver has it or never will; gives whether it came to that. */
  private boolean deliver(Backlog.Waiting waiting) throws InterruptedException {
    for (int attempt = 1; true; attempt++) {
      CountDownLatch end = wake;
      Delivery outcome = inTime(waiting, attempt(waiting.notification()));
      record(waiting.notification(), attempt, outcome);
      post.listener().attempted(receiver, outcome);
      log(waiting.notification(), attempt, outcome);
      if (!(outcome instanceof Delivery.Retry retry)) {
        return true;
      }
      Duration pause = Backoff.after(attempt, retry.after(), post.random().nextDouble());
      if (!timing.pause(pause, end) && closing) {
        return false;
      }
    }
  }

  private Delivery attempt(Notification notification) throws InterruptedException {
    try {
      return notifier.deliver(notification.at(post.ledger().head()));
    } catch (OutOfMemoryError notNow) {
      LOG.error("telling {} failed", receiver, notNow);
      return new Delivery.Retry("the agent lacks something: " + notNow, null);
    } catch (RuntimeException | Error bug) {
      // Ours. It would come again with the same notification, and hold up all that wait behind it.
      LOG.error("telling {} failed by a fault of our own", receiver, bug);
      return new Delivery.Refused("a fault of our own: " + bug.getClass().getSimpleName());
    }
  }

  private Delivery inTime(Backlog.Waiting waiting, Delivery outcome) {
    boolean late = timing.elapsed().minus(waiting.since()).compareTo(GIVE_UP) > 0;
    return late && outcome instanceof Delivery.Retry retry
        ? new Delivery.Refused("given up after " + GIVE_UP.toDays() + " days: " + retry.why())
        : outcome;
  }

  private void record(Notification notification, int attempt, Delivery outcome) {
    if (outcome instanceof Delivery.Delivered) {
      post.ledger().delivered(receiver, notification, attempt);
    } else if (outcome instanceof Delivery.Refused refused) {
      post.ledger().dead(receiver, notification, attempt, refused.why());
      died();
    }
  }

  private synchronized void died() {
    dead++;
  }

  /** The first failure is told at once; the ones that follow it would fill the log. */
  private void log(Notification notification, int attempt, Delivery outcome) {
    String id = notification.id();
    if (outcome instanceof Delivery.Refused refused) {
      LOG.warn("receiver {} will not be told {}: {}", receiver, id, refused.why());
    } else if (outcome instanceof Delivery.Retry retry && attempt == 1) {
      LOG.warn("receiver {} was not told {}, trying again: {}", receiver, id, retry.why());
    } else if (outcome instanceof Delivery.Retry retry) {
      LOG.debug("receiver {} was not told {} {} times: {}", receiver, id, attempt, retry.why());
    } else if (attempt > 1) {
      LOG.info("receiver {} was told {} at attempt {}", receiver, id, attempt);
    }
  }
}
