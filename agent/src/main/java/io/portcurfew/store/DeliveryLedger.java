package io.portcurfew.store;

import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.store.audit.LogHead;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries to each receiver, in the database of a {@link Store}. Thread-safe. */
final class DeliveryLedger implements Ledger {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryLedger.class);

  private final Object store;
  private final WriteQueue queue;
  private final InstantSource clock;
  private final FolderTimes times;
  private final Map<String, RowReader.DeliveryRefusal> refusals = new TreeMap<>();
  private final UnsavedDeliveries unsaved = new UnsavedDeliveries();
  // The receivers whose pending notifications could not be read at the last try.
  private final Set<String> unread = new HashSet<>();

  /**
   * Shares the database of a store.
   *
   * @param store the lock for the queue and the times
   */
  DeliveryLedger(Object store, WriteQueue queue, InstantSource clock, FolderTimes times) {
    this.store = store;
    this.queue = queue;
    this.clock = clock;
    this.times = times;
  }

  /** Reads the recent refusals of earlier runs, which are reported on. */
  void read(RowWriter from) throws SQLException {
    Instant since = clock.instant().minus(Maintenance.REFUSED);
    for (RowReader.DeliveryRefusal one : from.reader().refusals(since)) {
      refusals.putIfAbsent(one.receiver(), one);
    }
  }

  @Override
  public @Nullable String head() {
    LogHead head = queue.head();
    return head.equals(LogHead.NONE) ? null : head.toString();
  }

  @Override
  public Optional<List<Pending>> pending(String receiver) {
    synchronized (store) {
      return saved(receiver).map(saved -> unsaved.pending(receiver, saved, times.ofThisRun()));
    }
  }

  /** Until its content is read the database has no notification of this run. */
  private Optional<List<Pending>> saved(String receiver) {
    if (!queue.isRead()) {
      return Optional.of(List.of());
    }
    try {
      List<Pending> saved = queue.database().reader().pending(receiver, times.total());
      unread.remove(receiver);
      return Optional.of(saved);
    } catch (SQLException | IllegalArgumentException | DateTimeException e) {
      queue.unreadable(e);
      if (unread.add(receiver)) {
        LOG.error(
            "cannot read the pending notifications of receiver {}: {}", receiver, e.getMessage());
      }
      return Optional.empty();
    }
  }

  /** Notifications of a scan wait in memory for the disk. */
  void waits(List<RoutedNotification> notifications, Duration ran) {
    unsaved.begun(notifications, ran);
  }

  /** Everything is in the database. */
  void written() {
    unsaved.clear();
  }

  @Override
  public void delivered(String receiver, Notification notification, int attempts) {
    Instant at = clock.instant();
    synchronized (store) {
      if (write(1, to -> to.delivered(receiver, notification, attempts, at))) {
        unsaved.ended(receiver, notification);
      }
    }
  }

  @Override
  public void dead(String receiver, Notification notification, int attempts, String reason) {
    Instant at = clock.instant();
    synchronized (store) {
      if (notification.alert().finding().kind() != AgentCondition.UNDELIVERED) {
        // A refused report of a refusal is not reported again, which would never end.
        refusals.put(receiver, new RowReader.DeliveryRefusal(receiver, reason, at));
      }
      if (write(1, to -> to.dead(receiver, notification, attempts, at, reason))) {
        unsaved.ended(receiver, notification);
      }
    }
  }

  @Override
  public void folded(String receiver, List<Notification> all, Notification summary) {
    Instant at = clock.instant();
    Duration ran = times.ofThisRun();
    synchronized (store) {
      if (write(all.size(), to -> to.fold(receiver, all, summary, at, times.total(ran)))) {
        unsaved.folded(receiver, all, summary, ran);
      }
    }
  }

  /** Returns true if the change waits in memory. */
  private boolean write(int changes, WriteQueue.Step step) {
    return queue.write(changes, Store.MOST, step);
  }

  /** The latest refusal of each receiver, without old ones. */
  List<String> refused(Instant now) {
    synchronized (store) {
      if (refusals.isEmpty()) {
        return List.of();
      }
      refusals.values().removeIf(one -> Maintenance.isOld(one.at(), now));
      List<String> refused = new ArrayList<>();
      refusals.forEach((receiver, one) -> refused.add(receiver + ": " + one.why()));
      return refused;
    }
  }
}
