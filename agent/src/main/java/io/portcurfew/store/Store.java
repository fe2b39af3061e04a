package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.process.Ticker;
import io.portcurfew.state.NativeLibrary;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Saves the agent's state over restarts: alerts, notifications and the history of listeners; the
 * deliveries to each receiver are in its {@linkplain #ledger() ledger}.
 *
 * <p>Each call is one transaction, on the disk when the call returns. While the file cannot be
 * written (a full or failing disk), up to {@link #MOST} changes stay in memory, in order, and are
 * written later. A damaged file is set aside and replaced by a new one.
 *
 * <p>Thread-safe.
 */
public final class Store implements AutoCloseable {

  /** The maximum of changes in memory while nothing can be written. */
  public static final int MOST = 10_000;

  private final InstantSource clock;
  private final Ticker ticker;
  private final FolderTimes times;
  private final DatabaseOpener opener;
  private final WriteQueue queue;
  private final DeliveryLedger ledger;
  private final AuditTrail audit;
  private final Maintenance maintenance;
  private final SilenceWatch silences = new SilenceWatch();
  private final ListenerHistory listeners;
  private final SavedAlerts alerts = new SavedAlerts();
  private final KnownReceivers receivers = new KnownReceivers();

  private Store(Path folder, InstantSource clock, Ticker ticker) {
    this.clock = clock;
    this.ticker = ticker;
    this.times = new FolderTimes(clock.instant(), ticker);
    this.listeners = new ListenerHistory(times.lastScan());
    this.maintenance = new Maintenance(ticker.elapsed());
    this.opener = new DatabaseOpener(folder, clock);
    this.queue = new WriteQueue(opener, ticker);
    this.ledger = new DeliveryLedger(this, queue, clock, times);
    this.audit = new AuditTrail(this, queue, clock);
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
    ledger.read(from);
    receivers.read(from);
    listeners.takeOver(from.sql());
    alerts.takeOver(earlier, now, late);
    times.read(from, now, late);
  }

  /**
   * The alerts that are followed under the id of an earlier run from now on; returned once, after
   * the database was read later than at the start.
   */
  public synchronized Optional<List<Alert>> continued() {
    return alerts.continued();
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

  /** The pending notifications of each receiver. */
  public Ledger ledger() {
    return ledger;
  }

  /** Entries of the audit log other than alerts. */
  public AuditTrail audit() {
    return audit;
  }

  /** The last saved alerts. */
  public synchronized Alerts alerts() {
    return alerts.all();
  }

  /**
   * The active silences, including those that commands created; the last known ones if they cannot
   * be read.
   */
  public synchronized Silences silences(Instant now) {
    return silences.at(now, queue);
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

  /**
   * The same for changes that events made. A receiver that is not in the config now counts as new
   * when it comes back; one that was added counts as known only after a scan.
   *
   * @param configured all receivers of the config
   */
  public synchronized void saveBetweenScans(
      AlertChanges changes, List<RoutedNotification> notifications, Set<String> configured) {
    Set<String> names = receivers.among(configured);
    if (names == null) {
      save(changes, notifications);
    } else {
      save(changes, notifications, names);
    }
  }

  private void save(
      AlertChanges changes,
      List<RoutedNotification> notifications,
      boolean others,
      Set<String> names) {
    alerts.replace(changes.after());
    if (changes.isEmpty() && notifications.isEmpty() && !others) {
      return;
    }
    notifications.forEach(one -> receivers.notified(one.receivers()));
    Instant at = clock.instant();
    Duration ran = times.ofThisRun();
    boolean waits =
        write(
            changes.toSave().size() + changes.dropped().size(),
            MOST,
            to -> {
              // The time of earlier runs may be known only by now.
              to.save(
                  new RowWriter.ScanChanges(
                      changes.toSave(), changes.dropped(), notifications, at, times.total(ran)));
              if (others) {
                KnownReceivers.save(to, names);
              }
              new Retention(to.sql()).stayWithin(Maintenance.MOST_BYTES);
            });
    if (waits) {
      ledger.waits(notifications, ran);
    }
  }

  /** The time at which each open listener was first seen, without UDP clients. */
  public synchronized Map<Endpoint, Instant> firstSeen() {
    return listeners.firstSeen();
  }

  /** Adds a scan to the history of listeners. */
  public synchronized void saveListeners(Snapshot snapshot) {
    var rows = listeners.update(snapshot, times.lastScan());
    if (snapshot.covers(EnumSet.allOf(Protocol.class), Endpoint.HOST)) {
      times.scanned(snapshot.takenAt());
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
      write(0, MOST, maintenance.step(now, clock.instant(), times));
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
      ledger.written();
    }
  }

  private void bringUpToDate(RowWriter to) throws SQLException {
    Instant now = clock.instant();
    if (queue.missed() > 0) {
      AuditTrail.missed(to, queue.missed(), now);
    }
    to.bringUpToDate(alerts.all(), now);
    listeners.bringUpToDate(to.sql(), times.lastScan());
  }

  /** The current state, with faults and refusals. */
  public synchronized StoreState state() {
    return queue.state().with(opener.damaged(), ledger.refused(clock.instant()));
  }

  /** The state after the last write, without damage and refusals; waits for no write. */
  public StoreState writeState() {
    return queue.state();
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
      write(0, MOST, times::save);
    }
    queue.close();
  }
}
