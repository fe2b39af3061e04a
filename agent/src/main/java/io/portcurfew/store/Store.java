package io.portcurfew.store;

import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Changes;
import io.portcurfew.judge.Kind;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private final Path folder;
  private final InstantSource clock;
  private final Supplier<Duration> elapsed;
  private final Duration opened;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final Map<String, Refusal> refusals = new TreeMap<>();
  private final Upkeep upkeep;
  private @Nullable Records records;
  private Sights sights;
  private Alerts alerts = Alerts.NONE;
  private Duration livedBefore = Duration.ZERO;
  private Instant lastLook;
  private int waiting;
  private long lost;
  private boolean damaged;
  // Whether the file may say other than what is known.
  private boolean stale;
  private @Nullable String why;
  private @Nullable Duration tryAgain;

  /** What is written as a whole. */
  interface Step {
    void run(Records records) throws SQLException;
  }

  private record Kept(int changes, Step step) {}

  private record Refusal(String why, Instant at) {}

  private Store(Path folder, InstantSource clock, Supplier<Duration> elapsed) {
    this.folder = folder;
    this.clock = clock;
    this.elapsed = elapsed;
    this.opened = elapsed.get();
    this.lastLook = clock.instant();
    this.sights = new Sights(lastLook);
    this.upkeep = new Upkeep(opened);
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
    store.open();
    NativeLibrary.removeFrom(folder);
    return store;
  }

  private void open() {
    try {
      begin(Seal.of(folder));
      readOrBeginAnew();
    } catch (SQLException | IOException e) {
      failed(e);
    }
  }

  private void begin(Seal made) throws SQLException, IOException {
    if (!Files.exists(folder.resolve(Database.FILE), LinkOption.NOFOLLOW_LINKS)) {
      first(made);
      return;
    }
    try {
      records = new Records(Database.open(folder, made));
      Seal.settle(folder);
    } catch (Database.Damaged e) {
      anew(made, String.valueOf(e.getMessage()));
    }
  }

  private void first(Seal made) throws SQLException, IOException {
    if (Seal.isSettled(folder)) {
      anew(made, "it is gone");
    } else {
      create(made);
    }
  }

  private void create(Seal made) throws SQLException, IOException {
    records = new Records(Database.create(folder, made));
    Seal.settle(folder);
  }

  private void anew(Seal made, String what) throws SQLException, IOException {
    LOG.error(
        "the database in {} is damaged ({}): it is set aside, and a new one is begun",
        folder,
        what);
    SetAside.now(folder, clock.instant());
    create(made);
  }

  private void readOrBeginAnew() throws SQLException, IOException {
    try {
      read();
    } catch (SQLException | IllegalArgumentException e) {
      if (e instanceof SQLException fault && !Database.isDamage(fault)) {
        throw e;
      }
      there().sql().close();
      anew(Seal.of(folder), String.valueOf(e.getMessage()));
      alerts = Alerts.NONE;
      sights = new Sights(clock.instant());
    }
  }

  private void read() throws SQLException {
    Records from = there();
    Instant now = clock.instant();
    alerts = from.alerts(now.minus(Alerts.KEPT));
    sights = new Sights(from.sql(), now);
    from.sql()
        .one(Table.LIFE, "WHERE id = 1")
        .ifPresent(
            row -> {
              livedBefore = Duration.ofMillis(row.number(1));
              Long looked = row.numberOr(2);
              lastLook = looked == null ? now : Instant.ofEpochMilli(looked);
            });
  }

  private Records there() throws SQLException {
    if (records == null) {
      throw new SQLException(why);
    }
    return records;
  }

  /** The alerts as they were last saved. */
  public synchronized Alerts alerts() {
    return alerts;
  }

  /**
   * Saves what a scan changed, and whom it is to be told, in one.
   *
   * @param notifications what is to be told
   * @param receivers to whom
   */
  public synchronized void save(
      Changes changes, List<Notification> notifications, Set<String> receivers) {
    alerts = changes.after();
    if (changes.isEmpty()) {
      return;
    }
    Records.Kept what =
        new Records.Kept(
            changes.kept(),
            changes.dropped(),
            notifications,
            Set.copyOf(receivers),
            clock.instant(),
            lived());
    write(changes.kept().size() + changes.dropped().size(), to -> to.keep(what));
  }

  /** Takes what a scan saw into the history of listeners. */
  public synchronized void saw(Snapshot snapshot) {
    var rows = sights.saw(snapshot, lastLook);
    if (snapshot.complete()) {
      lastLook = snapshot.takenAt();
    }
    if (!rows.isEmpty()) {
      write(rows.size(), MOST / 2, to -> Sights.write(to.sql(), rows));
    }
  }

  @Override
  public synchronized List<Pending> pending(String receiver) {
    try {
      return records == null ? List.of() : records.pending(receiver, lived());
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
    if (notification.alert().finding().kind() != Kind.UNDELIVERED) {
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

  /** How long agents have run on this folder. */
  private Duration lived() {
    return livedBefore.plus(elapsed.get()).minus(opened);
  }

  private void write(int changes, Step step) {
    write(changes, MOST, step);
  }

  /**
   * @param most where more wait, this is lost: listeners that come and go leave room for alerts
   */
  private synchronized void write(int changes, int most, Step step) {
    if (why == null) {
      try {
        inOne(step);
        return;
      } catch (SQLException e) {
        failed(e);
      }
    }
    if (waiting + changes > most) {
      lost += changes;
      return;
    }
    waiting += changes;
    kept.addLast(new Kept(changes, step));
  }

  private void inOne(Step step) throws SQLException {
    Records to = there();
    to.sql().transaction(() -> step.run(to));
  }

  private void failed(Exception fault) {
    if (why == null) {
      LOG.error(
          "the store in {} cannot be written, changes are kept in memory: {}",
          folder,
          fault.getMessage());
    }
    why = String.valueOf(fault.getMessage());
    damaged |= fault instanceof SQLException sql && Database.isDamage(sql);
    tryAgain = elapsed.get().plus(Upkeep.TRY_AGAIN);
  }

  /** To be called with each scan: writes what could not be written, and forgets what is old. */
  public synchronized void upkeep() {
    Duration now = elapsed.get();
    if (why != null && tryAgain != null && now.compareTo(tryAgain) >= 0) {
      recover();
    }
    if (why == null && upkeep.isDue(now)) {
      Instant at = clock.instant();
      boolean forget = upkeep.done(now, at);
      write(0, to -> Upkeep.run(to, at, lived(), lastLook, forget));
    }
  }

  private void recover() {
    try {
      reopen();
      inOne(this::writeKept);
      LOG.warn("the store in {} can be written again: {} changes were kept", folder, waiting);
      kept.clear();
      waiting = 0;
      why = null;
      damaged = false;
      stale = false;
    } catch (SQLException | IOException e) {
      failed(e);
    }
  }

  private void reopen() throws SQLException, IOException {
    if (damaged && records != null) {
      records.sql().close();
      records = null;
      stale = true;
      anew(Seal.of(folder), String.valueOf(why));
    } else if (records == null) {
      stale = true;
      begin(Seal.of(folder));
    }
  }

  private void writeKept(Records to) throws SQLException {
    for (Kept one : kept) {
      one.step.run(to);
    }
    if (stale || lost > 0) {
      to.bringUpToDate(alerts, clock.instant());
      sights.bringUpToDate(to.sql(), lastLook);
    }
  }

  /** How it fares. */
  public synchronized StoreState state() {
    Instant now = clock.instant();
    refusals.values().removeIf(one -> Upkeep.isOld(one.at, now));
    List<String> refused = new ArrayList<>();
    refusals.forEach((receiver, one) -> refused.add(receiver + ": " + one.why));
    return new StoreState(why, waiting, lost, aside(), refused);
  }

  private List<String> aside() {
    try {
      return SetAside.names(folder);
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** What is wrong with the sum of all deliveries; nothing where all is as it has to be. */
  synchronized List<String> unbalanced() throws SQLException {
    return there().unbalanced();
  }

  /** Writes down what it still can. */
  @Override
  public synchronized void close() throws SQLException {
    if (why != null) {
      recover();
    }
    if (why == null) {
      write(0, to -> Upkeep.run(to, clock.instant(), lived(), lastLook, false));
    }
    if (waiting > 0) {
      LOG.error("the store could not be written: {} changes are lost", waiting);
    }
    if (records != null) {
      records.sql().close();
    }
  }
}
