package io.portcurfew.notify;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every receiver, each from a queue and a thread of its own: one that hangs or is down delays
 * no other, and each is told in order.
 *
 * <p>What a receiver does not take is tried again, after a second at first and five minutes at
 * most, or when it asked for it, for seven days. A queue holds 10,000 notifications; what comes
 * when it is full is dropped, counted and logged: what waits is older, and an end without its
 * beginning tells nobody anything.
 */
public final class Dispatcher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** For a message that is on its way; what still runs after it is interrupted. */
  private static final Duration GRACE = Duration.ofMillis(600);

  private static final Duration AFTER_INTERRUPT = Duration.ofMillis(300);

  private final Map<String, Outbox> outboxes = new LinkedHashMap<>();
  private final List<Thread> threads;
  private final Timing timing;

  /**
   * Starts one thread a receiver.
   *
   * @param receivers by name, in the order in which they are shown
   * @param random for the pauses between attempts; used by several threads, so safe for that, as
   *     {@link java.util.Random} is
   */
  public Dispatcher(
      Map<String, Notifier> receivers, DeliveryListener listener, RandomGenerator random) {
    this(receivers, listener, random, Timing.SYSTEM);
  }

  Dispatcher(
      Map<String, Notifier> receivers,
      DeliveryListener listener,
      RandomGenerator random,
      Timing timing) {
    receivers.forEach(
        (name, notifier) ->
            outboxes.put(name, new Outbox(name, notifier, listener, timing, random)));
    this.timing = timing;
    this.threads =
        outboxes.entrySet().stream()
            .map(outbox -> new Thread(outbox.getValue(), "portcurfew-to-" + outbox.getKey()))
            .toList();
    threads.forEach(thread -> thread.setDaemon(true));
    threads.forEach(Thread::start);
  }

  /** Queues it for every receiver and returns at once. */
  public void send(Notification notification) {
    outboxes.values().forEach(outbox -> outbox.add(notification));
  }

  /** What waits for each receiver, by name. */
  public Map<String, OutboxState> outbox() {
    Map<String, OutboxState> states = new LinkedHashMap<>();
    outboxes.forEach((name, outbox) -> states.put(name, outbox.state()));
    return states;
  }

  /**
   * Ends within a second: receivers that answer are told what waits, as far as it goes; the rest is
   * interrupted. Logs how many notifications remain untold.
   */
  @Override
  public void close() {
    outboxes.values().forEach(Outbox::close);
    try {
      join(GRACE);
      threads.forEach(Thread::interrupt);
      join(AFTER_INTERRUPT);
    } catch (InterruptedException hurry) {
      threads.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    outbox().forEach(Dispatcher::logUntold);
  }

  private void join(Duration most) throws InterruptedException {
    Duration end = timing.elapsed().plus(most);
    for (Thread thread : threads) {
      // At least 1, since 0 waits for ever.
      thread.join(Math.max(1, end.minus(timing.elapsed()).toMillis()));
    }
  }

  private static void logUntold(String receiver, OutboxState left) {
    if (left.pending() > 0) {
      LOG.warn(
          "receiver {} was not told {} notifications before the end", receiver, left.pending());
    }
  }
}
