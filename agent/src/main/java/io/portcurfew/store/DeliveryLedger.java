package io.portcurfew.store;

import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.store.audit.LogHead;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private final Map<String, DeliveryRefusal> refusals = new TreeMap<>();
  private final UnsavedDeliveries unsaved = new UnsavedDeliveries();

  /** The last notification of earlier runs, if the database was read late; else 0. */
  private long lastOfEarlierRuns;

  private record DeliveryRefusal(String why, Instant at) {}

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

  /**
   * Reads what is needed of the content.
   *
   * @param late true if there are outboxes already
   */
  void read(RowWriter from, boolean late) throws SQLException {
    lastOfEarlierRuns = late ? from.sql().number("SELECT max(seq) FROM notification") : 0;
  }

  @Override
  public @Nullable String head() {
    LogHead head = queue.head();
    return head.equals(LogHead.NONE) ? null : head.toString();
  }

  @Override
  public List<Pending> pending(String receiver) {
    synchronized (store) {
      return unsaved.pending(receiver, saved(receiver), times.ofThisRun());
    }
  }

  private List<Pending> saved(String receiver) {
    try {
      return queue.database().reader().pending(receiver, times.total());
    } catch (SQLException | IllegalArgumentException e) {
      LOG.error(
          "cannot read the pending notifications of receiver {}: {}", receiver, e.getMessage());
      return List.of();
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
  public List<Pending> pendingFromEarlierRuns(String receiver) {
    synchronized (store) {
      if (lastOfEarlierRuns == 0) {
        return List.of();
      }
      try {
        return queue.database().reader().pending(receiver, times.total(), lastOfEarlierRuns);
      } catch (SQLException | IllegalArgumentException e) {
        LOG.error("cannot read earlier notifications of receiver {}: {}", receiver, e.getMessage());
        return List.of();
      }
    }
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
        refusals.put(receiver, new DeliveryRefusal(reason, at));
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
      refusals.values().removeIf(one -> Maintenance.isOld(one.at, now));
      List<String> refused = new ArrayList<>();
      refusals.forEach((receiver, one) -> refused.add(receiver + ": " + one.why));
      return refused;
    }
  }
}
