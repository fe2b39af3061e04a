package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.process.Ticker;
import io.portcurfew.state.NativeLibrary;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the agent's state over restarts: alerts, notifications and the history of listeners.
 *
 * <p>Each call is one transaction, on the disk when the call returns. While the file cannot be
 * written (a full or failing disk), up to {@link #MOST} changes stay in memory, in order, and are
 * written later. A damaged file is set aside and replaced by a new one.
 *
 * <p>Thread-safe.
 */
public final class Store implements Ledger, AutoCloseable {

  /** The maximum of changes in memory while nothing can be written. */
  public static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final InstantSource clock;
  private final Ticker ticker;
  private final Duration opened;
  private final DatabaseOpener opener;
  private final WriteQueue queue;
  private final Map<String, Refusal> refusals = new TreeMap<>();
  private final Maintenance maintenance;
  private final SilenceWatch silences = new SilenceWatch();
  private final ListenerHistory listeners;
  private final RetentionClock retention;
  private Alerts alerts = Alerts.NONE;
  private Duration livedBefore = Duration.ZERO;
  private Instant lastScan;
  // The last notification of earlier runs, if the database was read late; else 0.
  private long lastOfEarlierRuns;
  private @Nullable List<Alert> continued;
  private final KnownReceivers receivers = new KnownReceivers();
  private final UnsavedDeliveries unsaved = new UnsavedDeliveries();

  private record Refusal(String why, Instant at) {}

  private Store(Path folder, InstantSource clock, Ticker ticker) {
    this.clock = clock;
    this.ticker = ticker;
    this.opened = ticker.elapsed();
    this.lastScan = clock.instant();
    this.listeners = new ListenerHistory(lastScan);
    this.maintenance = new Maintenance(opened);
    this.retention = new RetentionClock(opened);
    this.opener = new DatabaseOpener(folder, clock);
    this.queue = new WriteQueue(opener, ticker);
  }

  /**
   * Opens the store of this folder in any state; {@link #state()} reports its faults.
   *
   * @param folder the state folder, which this process holds
   * @param clock the wall clock, for people
   * @param ticker for intervals and ages
   */
  public static Store open(Path folder, InstantSource clock, Ticker ticker) {
    NativeLibrary.unpackInto(folder);
    Store store = new Store(folder, clock, ticker);
    store.queue.open(store::read);
    NativeLibrary.removeFrom(folder);
    return store;
  }

  /**
   * Reads the content: at the start, or as soon as the database can be opened. By then there may be
   * alerts and listeners of this run, which continue those of the database.
   */
  private void read(RowWriter from) throws SQLException {
    Instant now = clock.instant();
    boolean late = queue.why() != null;
    Alerts earlier = from.reader().alerts(now.minus(Alerts.KEPT));
    Optional<Row> times = from.sql().one(Table.LIFE, "WHERE id = ?", Maintenance.TIMES);
    Optional<Row> proven = from.sql().one(Table.LIFE, "WHERE id = ?", Maintenance.PROVEN);
    Instant newest = from.sql().one(Table.CHAIN, "ORDER BY seq DESC").map(Store::time).orElse(now);
    lastOfEarlierRuns = late ? from.sql().number("SELECT max(seq) FROM notification") : 0;
    receivers.read(from);
    listeners.takeOver(from.sql());
    Alerts.Continued all = alerts.continuing(earlier, now);
    alerts = all.alerts();
    continued = late ? all.replaced() : null;
    livedBefore = times.map(row -> Duration.ofMillis(row.number(1))).orElse(Duration.ZERO);
    Instant lookedBefore = times.flatMap(Store::looked).orElse(now);
    retention.continueFrom(
        proven.flatMap(Store::looked).orElse(lookedBefore.isAfter(newest) ? newest : lookedBefore));
    lastScan = late ? lastScan : lookedBefore;
  }

  private static Instant time(Row entry) {
    return Instant.ofEpochMilli(entry.number(1));
  }

  private static Optional<Instant> looked(Row row) {
    return Optional.ofNullable(row.numberOr(2)).map(Instant::ofEpochMilli);
  }

  /**
   * The alerts that are followed under the id of an earlier run from now on; returned once, after
   * the database was read later than at the start.
   */
  public synchronized Optional<List<Alert>> continued() {
    Optional<List<Alert>> replaced = Optional.ofNullable(continued);
    continued = null;
    return replaced;
  }

  /** True once the content of the database was read. */
  public synchronized boolean isRead() {
    return receivers.isRead();
  }

  /**
   * True if no notification to this receiver was ever saved, or it was not in the config at the
   * last save; false if that is not known yet.
   */
  public synchronized boolean isNewReceiver(String name) {
    return receivers.isNew(name);
  }

  /** The last saved alerts. */
  public synchronized Alerts alerts() {
    return alerts;
  }

  /**
   * The active silences, including those that commands created; the last known ones if they cannot
   * be read.
   */
  public synchronized Silences silences(Instant now) {
    try {
      if (silences.refresh(queue.database().sql(), now)) {
        queue.written();
      }
    } catch (SQLException | IllegalArgumentException e) {
      LOG.debug("cannot read the silences: {}", e.getMessage());
    }
    return Silences.at(now, silences.all());
  }

  /**
   * Saves the changes of a scan and its notifications in one transaction.
   *
   * @param notifications the notifications and their receivers
   */
  public synchronized void save(AlertChanges changes, List<RoutedNotification> notifications) {
    save(changes, notifications, false, Set.of());
  }

  /**
   * The same with the receivers of the config: the next start knows which ones came since.
   *
   * @param names all receivers of the config
   */
  public synchronized void save(
      AlertChanges changes, List<RoutedNotification> notifications, Set<String> names) {
    save(changes, notifications, receivers.use(names), names);
  }

  private void save(
      AlertChanges changes,
      List<RoutedNotification> notifications,
      boolean others,
      Set<String> names) {
    alerts = changes.after();
    if (changes.isEmpty() && notifications.isEmpty() && !others) {
      return;
    }
    notifications.forEach(one -> receivers.notified(one.receivers()));
    Instant at = clock.instant();
    Duration ran = ran();
    boolean waits =
        write(
            changes.toSave().size() + changes.dropped().size(),
            to -> {
              // The time of earlier runs may be known only by now.
              to.save(
                  new RowWriter.ScanChanges(
                      changes.toSave(),
                      changes.dropped(),
                      notifications,
                      at,
                      livedBefore.plus(ran)));
              if (others) {
                KnownReceivers.save(to, names);
              }
              new Retention(to.sql()).stayWithin(Maintenance.MOST_BYTES);
            });
    if (waits) {
      unsaved.begun(notifications, ran);
    }
  }

  /** When each open listener was first seen; UDP clients are left out. */
  public synchronized Map<Endpoint, Instant> firstSeen() {
    return listeners.firstSeen();
  }

  /** Adds a scan to the history of listeners. */
  public synchronized void saveListeners(Snapshot snapshot) {
    var rows = listeners.update(snapshot, lastScan);
    if (snapshot.covers(EnumSet.allOf(Protocol.class), Endpoint.HOST)) {
      lastScan = snapshot.takenAt();
    }
    if (!rows.isEmpty()) {
      write(
          rows.size(),
          MOST / 2,
          to -> {
            ListenerHistory.write(to.sql(), rows);
            new Retention(to.sql()).stayWithin(Maintenance.MOST_BYTES);
          });
    }
  }

  @Override
  public synchronized List<Pending> pending(String receiver) {
    return unsaved.pending(receiver, saved(receiver), ran());
  }

  private List<Pending> saved(String receiver) {
    try {
      return queue.database().reader().pending(receiver, lived());
    } catch (SQLException | IllegalArgumentException e) {
      LOG.error(
          "cannot read the pending notifications of receiver {}: {}", receiver, e.getMessage());
      return List.of();
    }
  }

  @Override
  public synchronized List<Pending> pendingFromEarlierRuns(String receiver) {
    if (lastOfEarlierRuns == 0) {
      return List.of();
    }
    try {
      return queue.database().reader().pending(receiver, lived(), lastOfEarlierRuns);
    } catch (SQLException | IllegalArgumentException e) {
      LOG.error("cannot read earlier notifications of receiver {}: {}", receiver, e.getMessage());
      return List.of();
    }
  }

  @Override
  public synchronized void delivered(String receiver, Notification notification, int attempts) {
    Instant at = clock.instant();
    if (write(1, to -> to.delivered(receiver, notification, attempts, at))) {
      unsaved.ended(receiver, notification);
    }
  }

  @Override
  public synchronized void dead(
      String receiver, Notification notification, int attempts, String reason) {
    Instant at = clock.instant();
    if (notification.alert().finding().kind() != AgentCondition.UNDELIVERED) {
      // A refused report of a refusal is not reported again, which would never end.
      refusals.put(receiver, new Refusal(reason, at));
    }
    if (write(1, to -> to.dead(receiver, notification, attempts, at, reason))) {
      unsaved.ended(receiver, notification);
    }
  }

  @Override
  public synchronized void folded(String receiver, List<Notification> all, Notification summary) {
    Instant at = clock.instant();
    Duration ran = ran();
    if (write(all.size(), to -> to.fold(receiver, all, summary, at, livedBefore.plus(ran)))) {
      unsaved.folded(receiver, all, summary, ran);
    }
  }

  @Override
  public @Nullable String head() {
    LogHead head = queue.head();
    return head.equals(LogHead.NONE) ? null : head.toString();
  }

  /**
   * Adds an entry other than an alert to the audit log.
   *
   * @param what the kind of entry, one word
   * @param details strings, numbers, booleans and lists of them, by name
   */
  public void enter(String what, Map<String, ?> details) {
    Instant at = clock.instant();
    AuditLog.Entry entry = new AuditLog.Entry(what, details);
    write(1, to -> new AuditLog(to.sql()).add(at, List.of(entry)));
  }

  /**
   * Records the start of an agent in the audit log.
   *
   * @param details as for {@link #enter}
   * @return true if the previous agent stopped in an orderly way, or there was none, or its end is
   *     unknown
   */
  public synchronized boolean start(Map<String, ?> details) {
    boolean inOrder = wasStopped();
    enter(AuditLog.START, details);
    return inOrder;
  }

  private boolean wasStopped() {
    try {
      return queue.database().reader().wasStopped();
    } catch (SQLException e) {
      LOG.error("cannot read the end of the previous agent: {}", e.getMessage());
      return true;
    }
  }

  /** Records an orderly stop in the audit log. */
  public void stop() {
    enter(AuditLog.STOP, Map.of());
  }

  /** The total running time of the agents on this folder. */
  private Duration lived() {
    return livedBefore.plus(ran());
  }

  private Duration ran() {
    return ticker.elapsed().minus(opened);
  }

  private boolean write(int changes, WriteQueue.Step step) {
    return write(changes, MOST, step);
  }

  /**
   * @param most the maximum of waiting changes, beyond which this one is lost: listeners leave room
   *     for alerts
   * @return true if it waits in memory
   */
  private synchronized boolean write(int changes, int most, WriteQueue.Step step) {
    return queue.write(changes, most, step);
  }

  /** Called after each scan: writes waiting changes and deletes old history. */
  public synchronized void maintain() {
    if (queue.isDue()) {
      recover();
    }
    Duration now = ticker.elapsed();
    if (queue.why() == null && maintenance.isDue(now)) {
      boolean delete = maintenance.done(now);
      Instant proven = retention.at(clock.instant(), now);
      write(
          0,
          to -> {
            Maintenance.save(to, lived(), lastScan, retention.proven());
            if (delete) {
              Maintenance.delete(to, proven, lived());
            }
          });
    }
  }

  /** Replaces a database whose files were removed or replaced by somebody else. */
  public synchronized void checkFiles() {
    if (queue.isReplaced()) {
      recover();
    }
  }

  private void recover() {
    queue.recover(this::bringUpToDate);
    if (queue.isWritten()) {
      unsaved.clear();
    }
  }

  private void bringUpToDate(RowWriter to) throws SQLException {
    Instant now = clock.instant();
    if (queue.missed() > 0) {
      AuditLog.Entry missed = new AuditLog.Entry("missed", Map.of("changes", queue.missed()));
      new AuditLog(to.sql()).add(now, List.of(missed));
    }
    to.bringUpToDate(alerts, now);
    listeners.bringUpToDate(to.sql(), lastScan);
  }

  /** The current state, with faults and refusals. */
  public synchronized StoreState state() {
    Instant now = clock.instant();
    refusals.values().removeIf(one -> Maintenance.isOld(one.at, now));
    List<String> refused = new ArrayList<>();
    refusals.forEach((receiver, one) -> refused.add(receiver + ": " + one.why));
    return new StoreState(queue.why(), queue.waiting(), queue.lost(), opener.damaged(), refused);
  }

  /** The receivers whose delivery counts do not add up; empty if all is right. */
  synchronized List<String> unbalanced() throws SQLException {
    return queue.database().unbalanced();
  }

  /** Writes the waiting changes, if possible, and closes the file. */
  @Override
  public synchronized void close() throws SQLException {
    if (queue.why() != null) {
      recover();
    }
    if (queue.why() == null) {
      write(0, to -> Maintenance.save(to, lived(), lastScan, retention.proven()));
    }
    queue.close();
  }
}
