package io.portcurfew.notify;

import io.portcurfew.process.Threads;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Delivers notifications to all receivers. Each receiver has its own queue, and its own thread
 * while something waits: a receiver that hangs or is down delays no other, and each gets its
 * notifications in order.
 *
 * <p>A failed delivery is repeated for seven days, after one second at first and five minutes at
 * most, or when the receiver asked for it. Notifications beyond the rate limit are merged into one.
 * The ledger records the pending, delivered and refused ones.
 */
public final class Dispatcher implements AutoCloseable {

  /** The time for attempts that are running at the end; then they are interrupted. */
  private static final Duration GRACE = Duration.ofMillis(600);

  private static final Duration AFTER_INTERRUPT = Duration.ofMillis(300);

  private final Outbox.Shared shared;
  private final Timing timing;
  // Replaced as a whole: a scrape reads it without the lock, under which the ledger is read.
  private volatile Map<String, ReceiverWorker> workers = Map.of();
  // Removed receivers that still get their pending notifications.
  private final Map<String, ReceiverWorker> leaving = new LinkedHashMap<>();
  private Map<String, ReceiverFilter> filters = Map.of();
  // Receivers that were added since the last call of takeAdded.
  private final Set<String> added = new LinkedHashSet<>();
  private boolean closed;

  /**
   * Starts with the pending notifications of the ledger.
   *
   * @param receivers the receivers by name, in the order of the config
   * @param random for the pauses between attempts; thread-safe, as {@link java.util.Random} is
   */
  public Dispatcher(
      Map<String, ConfiguredReceiver> receivers,
      DeliveryListener listener,
      Ledger ledger,
      RateLimit rate,
      RandomGenerator random,
      Timing timing,
      Threads threads) {
    this(receivers, new Outbox.Shared(listener, ledger, rate, timing, random, threads));
  }

  Dispatcher(Map<String, ConfiguredReceiver> receivers, Outbox.Shared shared) {
    this.shared = shared;
    this.timing = shared.timing();
    change(receivers);
    added.clear();
  }

  /**
   * Replaces the receivers. A receiver that stays keeps its pending notifications. A removed
   * receiver gets its pending notifications as long as it answers. The log states how many remain;
   * they are delivered if the receiver returns to the config.
   */
  public synchronized void change(Map<String, ConfiguredReceiver> receivers) {
    if (closed) {
      // A reload that goes on while the agent stops must not start to deliver again.
      receivers.values().forEach(receiver -> receiver.notifier().close());
      return;
    }
    Map<String, ReceiverWorker> before = workers;
    Map<String, ReceiverWorker> after = new LinkedHashMap<>();
    receivers.forEach(
        (name, receiver) -> after.put(name, worker(before.get(name), name, receiver)));
    workers = after;
    filters = filters(receivers);
    receivers.keySet().stream().filter(name -> !before.containsKey(name)).forEach(added::add);
    added.retainAll(receivers.keySet());
    before.forEach(
        (name, worker) -> {
          if (!after.containsKey(name)) {
            worker.leave();
            leaving.put(name, worker);
          }
        });
    leaving.values().removeIf(ReceiverWorker::isIdle);
  }

  private static Map<String, ReceiverFilter> filters(Map<String, ConfiguredReceiver> receivers) {
    Map<String, ReceiverFilter> filters = new LinkedHashMap<>();
    receivers.forEach((name, receiver) -> filters.put(name, receiver.filter()));
    return filters;
  }

  private ReceiverWorker worker(
      @Nullable ReceiverWorker before, String name, ConfiguredReceiver receiver) {
    if (before != null) {
      before.outbox().change(receiver);
      before.start();
      return before;
    }
    // Another worker would deliver the same pending notifications.
    ReceiverWorker left = leaving.remove(name);
    if (left != null) {
      left.comeBack(receiver);
      return left;
    }
    return new ReceiverWorker(name, new Outbox(name, receiver, shared), shared.threads());
  }

  /**
   * Queues each notification for its receivers and returns at once. A receiver that is gone gets
   * nothing.
   *
   * @param all the notifications of one moment; if they exceed the rate limit of a receiver, it
   *     gets them merged
   */
  public synchronized void send(List<RoutedNotification> all) {
    workers.forEach(
        (name, worker) -> {
          List<Notification> own =
              all.stream()
                  .filter(one -> one.receivers().contains(name))
                  .map(RoutedNotification::notification)
                  .toList();
          if (!own.isEmpty()) {
            worker.add(own);
          }
        });
  }

  /** Reports that an alert still fires, to receivers that need this repeatedly. */
  public synchronized void somethingFires() {
    workers.values().forEach(worker -> worker.outbox().notifier().somethingFires());
  }

  /** Selects the receivers of each notification by their filters. */
  public synchronized List<RoutedNotification> route(List<Notification> all) {
    return all.isEmpty() ? List.of() : all.stream().map(this::route).toList();
  }

  private RoutedNotification route(Notification one) {
    Set<String> names = new LinkedHashSet<>();
    filters.forEach(
        (name, filter) -> {
          if (filter.takes(one)) {
            names.add(name);
          }
        });
    return new RoutedNotification(one, names);
  }

  /** Treats receivers for which the predicate is true as added. */
  public synchronized void addNew(Predicate<String> isNew) {
    filters.keySet().stream().filter(isNew).forEach(added::add);
  }

  /**
   * Returns the names of the receivers that changes of the config added, and of those that {@link
   * #addNew} took, since the last call.
   */
  public synchronized Set<String> takeAdded() {
    Set<String> names = new LinkedHashSet<>(added);
    added.clear();
    return names;
  }

  /** The names of all receivers of the config. */
  public synchronized Set<String> configured() {
    return Set.copyOf(filters.keySet());
  }

  /** The names of the receivers of the config, without those that {@link #takeAdded} returns. */
  public synchronized Set<String> receivers() {
    Set<String> names = new LinkedHashSet<>(filters.keySet());
    names.removeAll(added);
    return names;
  }

  /**
   * Selects which of these receivers get each notification: by their filters, and without alerts
   * that have a pending notification to the receiver. A receiver of which that cannot be read now
   * gets none, and {@link #takeAdded} returns it again.
   */
  public synchronized List<RoutedNotification> route(List<Notification> all, Set<String> names) {
    Map<String, Set<String>> pending = new LinkedHashMap<>();
    names.forEach(
        name ->
            pendingAlerts(name)
                .ifPresentOrElse(alerts -> pending.put(name, alerts), () -> added.add(name)));
    return all.stream()
        .map(
            one -> {
              Set<String> receivers = new LinkedHashSet<>(route(one).receivers());
              receivers.retainAll(pending.keySet());
              receivers.removeIf(
                  name -> pending.getOrDefault(name, Set.of()).contains(one.alert().id()));
              return new RoutedNotification(one, receivers);
            })
        .filter(one -> !one.receivers().isEmpty())
        .toList();
  }

  private Optional<Set<String>> pendingAlerts(String receiver) {
    return shared
        .ledger()
        .pending(receiver)
        .map(
            all ->
                all.stream()
                    .map(one -> one.notification().alert().id())
                    .collect(Collectors.toSet()));
  }

  /** The pending notifications of each receiver, by name; waits for no lock. */
  public Map<String, OutboxState> outbox() {
    Map<String, OutboxState> states = new LinkedHashMap<>();
    workers.forEach((name, worker) -> states.put(name, worker.outbox().state()));
    return states;
  }

  /**
   * Delivers the pending ones of earlier runs, if the ledger could be read only after the start.
   */
  public synchronized void readLedger() {
    for (ReceiverWorker worker : workers.values()) {
      worker.outbox().readLedger();
      worker.start();
    }
  }

  /** Reads the ledger again for receivers whose pending notifications could not be read; cheap. */
  public synchronized void readLedgerAgain() {
    for (ReceiverWorker worker : workers.values()) {
      if (worker.outbox().readLedgerAgain()) {
        worker.start();
      }
    }
  }

  private synchronized Collection<ReceiverWorker> end() {
    closed = true;
    return Stream.concat(workers.values().stream(), leaving.values().stream()).toList();
  }

  /**
   * Ends within a second: receivers that answer get their pending notifications in that time, the
   * rest is interrupted. Logs the number of undelivered notifications.
   */
  @Override
  public void close() {
    Collection<ReceiverWorker> all = end();
    all.forEach(ReceiverWorker::close);
    try {
      join(all, GRACE);
      all.forEach(ReceiverWorker::interrupt);
      join(all, AFTER_INTERRUPT);
    } catch (InterruptedException interrupted) {
      all.forEach(ReceiverWorker::interrupt);
      Thread.currentThread().interrupt();
    }
    all.forEach(ReceiverWorker::logPending);
  }

  private void join(Collection<ReceiverWorker> all, Duration most) throws InterruptedException {
    Duration end = timing.elapsed().plus(most);
    for (ReceiverWorker worker : all) {
      worker.join(end.minus(timing.elapsed()));
    }
  }
}
