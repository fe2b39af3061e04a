package io.portcurfew.notify;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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

  /** For a message that is on its way; what still runs after it is interrupted. */
  private static final Duration GRACE = Duration.ofMillis(600);

  private static final Duration AFTER_INTERRUPT = Duration.ofMillis(300);

  private final DeliveryListener listener;
  private final RandomGenerator random;
  private final Timing timing;
  private Map<String, Lane> lanes = Map.of();

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
    this.listener = listener;
    this.random = random;
    this.timing = timing;
    change(receivers);
  }

  /**
   * Tells these receivers from now on. One that was there before keeps what waits for it. One that
   * is no longer there is told what waits as far as it answers, and the log says what remains.
   */
  public synchronized void change(Map<String, Notifier> receivers) {
    Map<String, Lane> before = lanes;
    Map<String, Lane> after = new LinkedHashMap<>();
    receivers.forEach((name, notifier) -> after.put(name, lane(before.get(name), name, notifier)));
    lanes = after;
    before.forEach(
        (name, lane) -> {
          if (!after.containsKey(name)) {
            lane.outbox().close();
          }
        });
  }

  private Lane lane(@Nullable Lane before, String name, Notifier notifier) {
    if (before != null) {
      before.outbox().change(notifier);
      return before;
    }
    Lane lane = new Lane(name, new Outbox(name, notifier, listener, timing, random));
    lane.start();
    return lane;
  }

  /** Queues it for every receiver and returns at once. */
  public synchronized void send(Notification notification) {
    lanes.values().forEach(lane -> lane.outbox().add(notification));
  }

  /** What waits for each receiver, by name. */
  public Map<String, OutboxState> outbox() {
    Map<String, OutboxState> states = new LinkedHashMap<>();
    lanes().forEach((name, lane) -> states.put(name, lane.outbox().state()));
    return states;
  }

  private synchronized Map<String, Lane> lanes() {
    return lanes;
  }

  /**
   * Ends within a second: receivers that answer are told what waits, as far as it goes; the rest is
   * interrupted. Logs how many notifications remain untold.
   */
  @Override
  public void close() {
    Collection<Lane> all = lanes().values();
    all.forEach(lane -> lane.outbox().close());
    try {
      join(all, GRACE);
      all.forEach(Lane::interrupt);
      join(all, AFTER_INTERRUPT);
    } catch (InterruptedException hurry) {
      all.forEach(Lane::interrupt);
      Thread.currentThread().interrupt();
    }
    all.forEach(Lane::sayWhatIsLeft);
  }

  private void join(Collection<Lane> all, Duration most) throws InterruptedException {
    Duration end = timing.elapsed().plus(most);
    for (Lane lane : all) {
      lane.join(end.minus(timing.elapsed()));
    }
  }
}
