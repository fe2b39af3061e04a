package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silence;
import io.portcurfew.json.JsonTree;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.TrafficPlace;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.AuditLogCheck;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.audit.VerificationResult;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the store of an agent, running or not, without changing it. */
public final class History implements AutoCloseable {

  private final Path folder;
  private final Sql sql;
  private final RowReader reader;

  private History(Path folder, Sql sql) {
    this.folder = folder;
    this.sql = sql;
    this.reader = new RowReader(sql);
  }

  /**
   * The outcome of a notification at one receiver.
   *
   * @param state pending, delivered, folded or dead
   * @param at the time of the outcome; {@code null} while it is pending
   * @param why the cause of a dead one, or the id of the summary that replaced it
   */
  public record Outcome(
      String receiver, String state, int attempts, @Nullable Instant at, @Nullable String why) {}

  /** A notification, the time of its creation, and its outcomes. */
  public record NotificationEntry(Notification notification, Instant at, List<Outcome> outcomes) {
    public NotificationEntry {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * A listener, or a socket of another family, with one set of owners.
   *
   * @param last the time at which it was last seen; {@code null} while it is open
   */
  public record ListenerEntry(
      TrafficPlace place, List<Owner> owners, Instant first, @Nullable Instant last) {
    public ListenerEntry {
      owners = List.copyOf(owners);
    }
  }

  /**
   * An entry of the audit log.
   *
   * @param what the kind of entry, one word
   * @param details its values by name
   */
  public record HistoryEntry(long number, Instant at, String what, JsonTree details) {}

  /** The store cannot be read; the message states the cause for an admin. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(Path folder, Exception why) {
      super(message(folder, why), why);
    }

    private static String message(Path folder, Exception why) {
      if (why instanceof NoSuchFileException) {
        return "no data yet: no agent has run on "
            + folder
            + ". Start it with: systemctl start portcurfew, or: portcurfew run";
      }
      String cause =
          why instanceof AccessDeniedException denied
              ? "this user has no right to open " + denied.getFile()
              : String.valueOf(why.getMessage());
      return "cannot read the database in " + folder + ": " + cause;
    }
  }

  /**
   * Opens the store in this folder.
   *
   * @throws Unreadable if there is none, or this user cannot read it
   */
  public static History in(Path folder) throws Unreadable {
    try {
      RowSeal seal = RowSeal.existing(folder);
      return new History(folder, Sql.readOnly(folder.resolve(Database.FILE), seal));
    } catch (IOException | SQLException e) {
      throw new Unreadable(folder, e);
    }
  }

  /** The open alerts, and the alerts that ended since then in order of their end. */
  public List<Alert> alerts(Instant since) throws Unreadable {
    return read(() -> reader.alerts(since).all());
  }

  /** The latest alerts that were resolved since then, and at most this many. */
  public List<Alert> resolvedAlerts(Instant since, int most) throws Unreadable {
    return read(() -> reader.resolved(since, most));
  }

  private <T> T read(Sql.Query<T> query) throws Unreadable {
    try {
      return sql.read(query);
    } catch (SQLException | IllegalArgumentException e) {
      throw new Unreadable(folder, e);
    }
  }

  /** The silences that end after this time. */
  public List<Silence> silences(Instant end) throws Unreadable {
    return read(() -> SilenceRows.after(sql, end));
  }

  /** The notifications since then, in order. */
  public List<NotificationEntry> notifications(Instant since) throws Unreadable {
    return read(() -> readNotifications(since));
  }

  private List<NotificationEntry> readNotifications(Instant since) throws SQLException {
    Map<Long, List<Outcome>> outcomes = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    sql.each(
        Table.NOTIFICATION,
        "WHERE made >= ? ORDER BY seq",
        row -> {
          rows.add(row);
          outcomes.put(row.number(0), new ArrayList<>());
        },
        since.toEpochMilli());
    sql.each(
        Table.DELIVERY,
        "WHERE notification IN (SELECT seq FROM notification WHERE made >= ?)",
        row -> outcomes.computeIfAbsent(row.number(1), seq -> new ArrayList<>()).add(outcome(row)),
        since.toEpochMilli());
    List<NotificationEntry> entries = new ArrayList<>();
    for (Row row : rows) {
      Instant at = Instant.ofEpochMilli(row.number(5));
      entries.add(
          new NotificationEntry(
              reader.notification(row), at, outcomes.getOrDefault(row.number(0), List.of())));
    }
    return entries;
  }

  private static Outcome outcome(Row row) {
    Long ended = row.numberOr(4);
    return new Outcome(
        row.text(0),
        row.text(2),
        Math.toIntExact(row.number(3)),
        ended == null ? null : Instant.ofEpochMilli(ended),
        row.textOr(5));
  }

  /** The entries of the audit log since then, in order. */
  public List<HistoryEntry> entries(Instant since) throws Unreadable {
    return read(() -> readEntries("WHERE at >= ?", since.toEpochMilli()));
  }

  /** The time of the first kept entry of the audit log; empty if it has none. */
  public Optional<Instant> begin() throws Unreadable {
    return read(
        () -> sql.one(Table.CHAIN, "ORDER BY seq").map(row -> Instant.ofEpochMilli(row.number(1))));
  }

  /** The kept starts and orderly stops of agents, in order. */
  public List<HistoryEntry> startsAndStops() throws Unreadable {
    return read(() -> readEntries("WHERE what IN (?, ?)", AuditLog.START, AuditLog.STOP));
  }

  private List<HistoryEntry> readEntries(String where, Object... values) throws SQLException {
    List<HistoryEntry> entries = new ArrayList<>();
    sql.each(
        Table.CHAIN,
        where + " ORDER BY seq",
        row -> {
          Instant at = Instant.ofEpochMilli(row.number(1));
          entries.add(new HistoryEntry(row.number(0), at, row.text(2), JsonTree.of(row.text(3))));
        },
        values);
    return entries;
  }

  /**
   * Verifies the audit log.
   *
   * @param copy a head of the log that was kept elsewhere; {@code null} for none
   */
  public VerificationResult verify(@Nullable LogHead copy) throws Unreadable {
    return read(() -> AuditLogCheck.of(sql, copy));
  }

  /** The listeners that opened, changed their owner or closed since then, in order of opening. */
  public List<ListenerEntry> listeners(Instant since) throws Unreadable {
    return read(() -> readListeners(since));
  }

  private List<ListenerEntry> readListeners(Instant since) throws SQLException {
    List<ListenerEntry> listeners = new ArrayList<>();
    long from = since.toEpochMilli();
    sql.each(
        Table.SIGHT,
        "WHERE first >= ? OR last >= ? ORDER BY first, id",
        row -> listeners.add(listener(row)),
        from,
        from);
    return listeners;
  }

  /**
   * The latest of these listeners, in order of opening.
   *
   * @param most the highest number of entries, at least 1
   */
  public List<ListenerEntry> latestListeners(Instant since, int most) throws Unreadable {
    return read(() -> readLatest(since, most));
  }

  private List<ListenerEntry> readLatest(Instant since, int most) throws SQLException {
    List<ListenerEntry> listeners = new ArrayList<>();
    long from = since.toEpochMilli();
    sql.each(
        Table.SIGHT,
        "WHERE first >= ? OR last >= ? ORDER BY max(first, coalesce(last, 0)) DESC, id LIMIT ?",
        row -> listeners.add(listener(row)),
        from,
        from,
        most);
    listeners.sort(Comparator.comparing(ListenerEntry::first));
    return listeners;
  }

  private static ListenerEntry listener(Row row) {
    JsonTree tree = JsonTree.of(CompressedJson.json(row.bytes(1)));
    Long last = row.numberOr(3);
    return new ListenerEntry(
        ListenerHistory.place(tree),
        tree.trees("owners").stream().map(OwnerJson::of).toList(),
        Instant.ofEpochMilli(row.number(2)),
        last == null ? null : Instant.ofEpochMilli(last));
  }

  @Override
  public void close() throws Unreadable {
    try {
      sql.close();
    } catch (SQLException e) {
      throw new Unreadable(folder, e);
    }
  }
}
