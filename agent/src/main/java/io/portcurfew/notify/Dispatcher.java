package io.portcurfew.notify;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tells every receiver, each from a queue and a thread of its own, which is there while something
 * waits: one that hangs or is down delays no other, and each is told in order.
 *
 * <p>What a receiver does not take is tried again, after a second at first and five minutes at
 * most, or when it asked for it, for seven days. What comes faster than its rate is told in one.
 * What is pending and what became of it stands in the ledger.
 */
public final class Dispatcher implements AutoCloseable {

  /** For a message that is on its way; what still runs after it is interrupted. */
  private static final Duration GRACE = Duration.ofMillis(600);

  private static final Duration AFTER_INTERRUPT = Duration.ofMillis(300);

  private final Outbox.Post post;
  private final Timing timing;
  private Map<String, ReceiverWorker> lanes = Map.of();
  private Map<String, ReceiverFilter> wants = Map.of();

  /**
   * Begins with what the ledger says is pending.
   *
   * @param receivers by name, in the order in which they are shown
   * @param random for the pauses between attempts; used by several threads, so safe for that, as
   *     {@link java.util.Random} is
   */
  public Dispatcher(
      Map<String, ConfiguredReceiver> receivers,
      DeliveryListener listener,
      Ledger ledger,
      RateLimit rate,
      RandomGenerator random) {
    this(receivers, new Outbox.Post(listener, ledger, rate, Timing.SYSTEM, random));
  }

  Dispatcher(Map<String, ConfiguredReceiver> receivers, Outbox.Post post) {
    this.post = post;
    this.timing = post.timing();
    change(receivers);
  }

  /**
   * Tells these receivers from now on. One that was there before keeps what waits for it. One that
   * is no longer there is told what waits as far as it answers; the log says what remains, which it
   * is told if it comes back.
   */
  public synchronized void change(Map<String, ConfiguredReceiver> receivers) {
    Map<String, ReceiverWorker> before = lanes;
    Map<String, ReceiverWorker> after = new LinkedHashMap<>();
    receivers.forEach(
        (name, recipient) -> after.put(name, lane(before.get(name), name, recipient)));
    lanes = after;
    wants = wants(receivers);
    before.forEach(
        (name, lane) -> {
          if (!after.containsKey(name)) {
            lane.close();
          }
        });
  }

  private static Map<String, ReceiverFilter> wants(Map<String, ConfiguredReceiver> receivers) {
    Map<String, ReceiverFilter> wants = new LinkedHashMap<>();
    receivers.forEach((name, recipient) -> wants.put(name, recipient.wants()));
    return wants;
  }

  private ReceiverWorker lane(
      @Nullable ReceiverWorker before, String name, ConfiguredReceiver recipient) {
    if (before != null) {
      before.outbox().change(recipient);
      before.begin();
      return before;
    }
    return new ReceiverWorker(name, new Outbox(name, recipient, post));
  }

  /**
   * Queues each for its receivers and returns at once. One that is no longer there is told nothing.
   *
   * @param all what came at the same time; where that is more than a receiver may be told one by
   *     one, it is told in one
   */
  public synchronized void send(List<RoutedNotification> all) {
    lanes.forEach(
        (name, lane) -> {
          List<Notification> its =
              all.stream()
                  .filter(one -> one.receivers().contains(name))
                  .map(RoutedNotification::notification)
                  .toList();
          if (!its.isEmpty()) {
            lane.add(its);
          }
        });
  }

  /** By what this receiver is told now; {@code null} where there is none of this name. */
  public synchronized @Nullable Notifier notifier(String receiver) {
    ReceiverWorker lane = lanes.get(receiver);
    return lane == null ? null : lane.outbox().notifier();
  }

  /** Something fires still: there are receivers that have to hear of it again and again. */
  public synchronized void somethingFires() {
    lanes.values().forEach(lane -> lane.outbox().notifier().somethingFires());
  }

  /** Which receivers are to be told each of these, by what they want. */
  public synchronized List<RoutedNotification> address(List<Notification> all) {
    return all.stream().map(this::address).toList();
  }

  private RoutedNotification address(Notification one) {
    Set<String> names = new LinkedHashSet<>();
    wants.forEach(
        (name, its) -> {
          if (its.takes(one)) {
            names.add(name);
          }
        });
    return new RoutedNotification(one, names);
  }

  /** What waits for each receiver, by name. */
  public Map<String, OutboxState> outbox() {
    Map<String, OutboxState> states = new LinkedHashMap<>();
    lanes().forEach((name, lane) -> states.put(name, lane.outbox().state()));
    return states;
  }

  private synchronized Map<String, ReceiverWorker> lanes() {
    return lanes;
  }

  /**
   * Ends within a second: receivers that answer are told what waits, as far as it goes; the rest is
   * interrupted. Logs how many notifications remain untold.
   */
  @Override
  public void close() {
    Collection<ReceiverWorker> all = lanes().values();
    all.forEach(ReceiverWorker::close);
    try {
      join(all, GRACE);
      all.forEach(ReceiverWorker::interrupt);
      join(all, AFTER_INTERRUPT);
    } catch (InterruptedException hurry) {
      all.forEach(ReceiverWorker::interrupt);
      Thread.currentThread().interrupt();
    }
    all.forEach(ReceiverWorker::sayWhatIsLeft);
  }

  private void join(Collection<ReceiverWorker> all, Duration most) throws InterruptedException {
    Duration end = timing.elapsed().plus(most);
    for (ReceiverWorker lane : all) {
      lane.join(end.minus(timing.elapsed()));
    }
  }
}
