package io.portcurfew.notify;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one receiver is still to be told, in order, and the work of telling it. */
final class Outbox implements Runnable {

  static final int MOST = 10_000;
  static final Duration GIVE_UP = Duration.ofDays(7);

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private record Waiting(Notification notification, Duration since) {}

  private final String receiver;
  private final DeliveryListener listener;
  private final Timing timing;
  private final RandomGenerator random;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private volatile Notifier notifier;
  // Ends a pause between two attempts.
  private volatile CountDownLatch wake = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile boolean changed;
  private long dropped;
  private boolean full;

  Outbox(
      String receiver,
      Notifier notifier,
      DeliveryListener listener,
      Timing timing,
      RandomGenerator random) {
    this.receiver = receiver;
    this.notifier = notifier;
    this.listener = listener;
    this.timing = timing;
    this.random = random;
  }

  /** Queues it behind the others; drops and counts it where there is no room or no time left. */
  synchronized void add(Notification notification) {
    if (queue.size() >= MOST || closing) {
      dropped++;
      if (!full) {
        LOG.error("receiver {} takes no more: {} wait. Dropping what is new", receiver, MOST);
      }
      full = true;
      return;
    }
    if (full) {
      LOG.warn("receiver {} has room again: {} were dropped so far", receiver, dropped);
    }
    full = false;
    queue.addLast(new Waiting(notification, timing.elapsed()));
    notifyAll();
  }

  synchronized OutboxState state() {
    Waiting first = queue.peekFirst();
    Duration oldest = first == null ? null : timing.elapsed().minus(first.since);
    return new OutboxState(queue.size(), oldest, dropped);
  }

  /** Tells by this from now on, and tries at once where it waits for another attempt. */
  synchronized void change(Notifier other) {
    notifier = other;
    changed = true;
    CountDownLatch waited = wake;
    wake = new CountDownLatch(1);
    waited.countDown();
  }

  /** Lets it end once nothing waits or the receiver does not answer. */
  synchronized void close() {
    closing = true;
    wake.countDown();
    notifyAll();
  }

  /** Tells the receiver until closed or interrupted. */
  @Override
  public void run() {
    try {
      Waiting next = first();
      while (next != null && deliver(next)) {
        done();
        next = first();
      }
    } catch (InterruptedException ended) {
      // What remains is in the queue, and close says how much that is.
    }
  }

  private synchronized @Nullable Waiting first() throws InterruptedException {
    while (queue.isEmpty() && !closing) {
      wait();
    }
    return queue.peekFirst();
  }

  private synchronized void done() {
    queue.removeFirst();
  }

  /** Tries until the receiver has it or never will; gives whether it came to that. */
  private boolean deliver(Waiting waiting) throws InterruptedException {
    for (int attempt = 1; true; attempt++) {
      changed = false;
      CountDownLatch end = wake;
      Delivery outcome = inTime(waiting, attempt(waiting.notification));
      listener.attempted(receiver, outcome);
      log(waiting.notification, attempt, outcome);
      if (!(outcome instanceof Delivery.Retry retry)) {
        return true;
      }
      Duration pause = Backoff.after(attempt, retry.after(), random.nextDouble());
      if (!timing.pause(pause, end) && (closing || !changed)) {
        return false;
      }
    }
  }

  private Delivery attempt(Notification notification) throws InterruptedException {
    try {
      return notifier.deliver(notification);
    } catch (RuntimeException bug) {
      // Ours. It would come again with the same notification, and hold up all that wait behind it.
      LOG.error("telling {} failed by a fault of our own", receiver, bug);
      return new Delivery.Refused("a fault of our own: " + bug.getClass().getSimpleName());
    }
  }

  private Delivery inTime(Waiting waiting, Delivery outcome) {
    boolean late = timing.elapsed().minus(waiting.since).compareTo(GIVE_UP) > 0;
    return late && outcome instanceof Delivery.Retry retry
        ? new Delivery.Refused("given up after " + GIVE_UP.toDays() + " days: " + retry.why())
        : outcome;
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
