package io.portcurfew.store;

import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Silences;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.state.NativeLibrary;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.LogHead;
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
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the agent knows over a restart: the alerts, whom they are to be told, and what listened
 * when.
 *
 * <p>What happens is one transaction each, on the disk when the call returns. While the file cannot
 * be written (a full or failing disk), up to {@link #MOST} changes are kept in memory, in order,
 * and written when it can be. A damaged file is set aside, and a new one begun.
 *
 * <p>Safe for use by several threads.
 */
public final class Store implements Ledger, AutoCloseable {

  /** How many changes are kept in memory while nothing can be written. */
  public static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final InstantSource clock;
  private final Supplier<Duration> elapsed;
  private final Duration opened;
  private final DatabaseOpener opening;
  private final WriteQueue writing;
  private final Map<String, Refusal> refusals = new TreeMap<>();
  private final Maintenance upkeep;
  private final SilenceWatch silences = new SilenceWatch();
  private ListenerHistory sights;
  private Alerts alerts = Alerts.NONE;
  private Duration livedBefore = Duration.ZERO;
  private Instant lastLook;

  private record Refusal(String why, Instant at) {}

  private Store(Path folder, InstantSource clock, Supplier<Duration> elapsed) {
    this.clock = clock;
    this.elapsed = elapsed;
    this.opened = elapsed.get();
    this.lastLook = clock.instant();
    this.sights = new ListenerHistory(lastLook);
    this.upkeep = new Maintenance(opened);
    this.opening = new DatabaseOpener(folder, clock);
    this.writing = new WriteQueue(opening, elapsed);
  }

  /**
   * Opens the store of this folder, whatever state it is in; {@link #state()} says what is wrong.
   *
   * @param folder the state folder, which this process holds
   * @param clock the time of day, for people
   * @param elapsed time that only goes forward, since some moment that is always the same
   */
  public static Store open(Path folder, InstantSource clock, Supplier<Duration> elapsed) {
    NativeLibrary.unpackInto(folder);
    Store store = new Store(folder, clock, elapsed);
    store.writing.open(store::read);
    NativeLibrary.removeFrom(folder);
    return store;
  }

  private void read(RowWriter from) throws SQLException {
    Instant now = clock.instant();
    alerts = from.reading().alerts(now.minus(Alerts.KEPT));
    sights = new ListenerHistory(from.sql(), now);
    from.sql()
        .one(Table.LIFE, "WHERE id = 1")
        .ifPresent(
            row -> {
              livedBefore = Duration.ofMillis(row.number(1));
              Long looked = row.numberOr(2);
              lastLook = looked == null ? now : Instant.ofEpochMilli(looked);
            });
  }

  /** The alerts as they were last saved. */
  public synchronized Alerts alerts() {
    return alerts;
  }

  /**
   * The silences that hold now, as commands have left them; where they cannot be read, as before.
   */
  public synchronized Silences silences(Instant now) {
    try {
      if (silences.look(writing.there().sql(), now)) {
        writing.written();
      }
    } catch (SQLException | IllegalArgumentException e) {
      LOG.debug("the silences cannot be read: {}", e.toString());
    }
    return Silences.at(now, silences.all());
  }

  /**
   * Saves what a scan changed, and whom it is to be told, in one.
   *
   * @param told what is to be told, and to whom
   */
  public synchronized void save(AlertChanges changes, List<RoutedNotification> told) {
    alerts = changes.after();
    if (changes.isEmpty()) {
      return;
    }
    RowWriter.Kept what =
        new RowWriter.Kept(changes.toSave(), changes.dropped(), told, clock.instant(), lived());
    write(
        changes.toSave().size() + changes.dropped().size(),
        to -> {
          to.keep(what);
          new Retention(to.sql()).stayWithin(Maintenance.MOST_BYTES);
        });
  }

  /** Takes what a scan saw into the history of listeners. */
  public synchronized void saw(Snapshot snapshot) {
    var rows = sights.saw(snapshot, lastLook);
    if (snapshot.covers(EnumSet.allOf(Protocol.class), Endpoint.HOST)) {
      lastLook = snapshot.takenAt();
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
    try {
      return writing.there().reading().pending(receiver, lived());
    } catch (SQLException | IllegalArgumentException e) {
      LOG.error("what {} is still to be told cannot be read: {}", receiver, e.toString());
      return List.of();
    }
  }

  @Override
  public void delivered(String receiver, Notification notification, int attempts) {
    Instant at = clock.instant();
    write(1, to -> to.delivered(receiver, notification, attempts, at));
  }

  @Override
  public synchronized void dead(
      String receiver, Notification notification, int attempts, String reason) {
    Instant at = clock.instant();
    if (notification.alert().finding().kind() != FindingKind.UNDELIVERED) {
      // That a receiver refuses to hear of its refusals is no news, and would be for ever.
      refusals.put(receiver, new Refusal(reason, at));
    }
    write(1, to -> to.dead(receiver, notification, attempts, at, reason));
  }

  @Override
  public synchronized void folded(String receiver, List<Notification> all, Notification summary) {
    Instant at = clock.instant();
    Duration lived = lived();
    write(all.size(), to -> to.fold(receiver, all, summary, at, lived));
  }

  @Override
  public @Nullable String head() {
    LogHead head = writing.head();
    return head.equals(LogHead.NONE) ? null : head.toString();
  }

  /**
   * Enters something else than an alert into the log.
   *
   * @param what one word
   * @param details strings, numbers, booleans and lists of them, by name
   */
  public void enter(String what, Map<String, ?> details) {
    Instant at = clock.instant();
    AuditLog.Entry entry = new AuditLog.Entry(what, details);
    write(1, to -> new AuditLog(to.sql()).add(at, List.of(entry)));
  }

  /**
   * Enters that an agent begins to look.
   *
   * @param details as for {@link #enter}
   * @return whether the one before it was told to stop; also where there was none, or nobody knows
   */
  public synchronized boolean start(Map<String, ?> details) {
    boolean inOrder = wasStopped();
    enter(AuditLog.START, details);
    return inOrder;
  }

  private boolean wasStopped() {
    try {
      return writing.there().reading().wasStopped();
    } catch (SQLException e) {
      LOG.error("how the agent before came to its end cannot be read: {}", e.toString());
      return true;
    }
  }

  /** Enters that the agent was told to stop. */
  public void stop() {
    enter(AuditLog.STOP, Map.of());
  }

  /** How long agents have run on this folder. */
  private Duration lived() {
    return livedBefore.plus(elapsed.get()).minus(opened);
  }

  private void write(int changes, WriteQueue.Step step) {
    write(changes, MOST, step);
  }

  /**
   * @param most where more wait, this is lost: listeners that come and go leave room for alerts
   */
  private synchronized void write(int changes, int most, WriteQueue.Step step) {
    writing.write(changes, most, step);
  }

  /** To be called with each scan: writes what could not be written, and forgets what is old. */
  public synchronized void upkeep() {
    if (writing.isDue()) {
      writing.recover(this::bringUpToDate);
    }
    Duration now = elapsed.get();
    if (writing.why() == null && upkeep.isDue(now)) {
      Instant at = clock.instant();
      boolean forget = upkeep.done(now, at);
      write(0, to -> Maintenance.run(to, at, lived(), lastLook, forget));
    }
  }

  private void bringUpToDate(RowWriter to) throws SQLException {
    Instant now = clock.instant();
    if (writing.missed() > 0) {
      AuditLog.Entry missed = new AuditLog.Entry("missed", Map.of("changes", writing.missed()));
      new AuditLog(to.sql()).add(now, List.of(missed));
    }
    to.bringUpToDate(alerts, now);
    sights.bringUpToDate(to.sql(), lastLook);
  }

  /** How it fares. */
  public synchronized StoreState state() {
    Instant now = clock.instant();
    refusals.values().removeIf(one -> Maintenance.isOld(one.at, now));
    List<String> refused = new ArrayList<>();
    refusals.forEach((receiver, one) -> refused.add(receiver + ": " + one.why));
    return new StoreState(
        writing.why(), writing.waiting(), writing.lost(), opening.aside(), refused);
  }

  /** What is wrong with the sum of all deliveries; nothing where all is as it has to be. */
  synchronized List<String> unbalanced() throws SQLException {
    return writing.there().unbalanced();
  }

  /** Writes down what it still can. */
  @Override
  public synchronized void close() throws SQLException {
    if (writing.why() != null) {
      writing.recover(this::bringUpToDate);
    }
    if (writing.why() == null) {
      write(0, to -> Maintenance.run(to, clock.instant(), lived(), lastLook, false));
    }
    writing.close();
  }
}
