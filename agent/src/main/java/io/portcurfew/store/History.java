package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silence;
import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Notification;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the store of an agent, whether it runs or not, and changes nothing in it. */
public final class History implements AutoCloseable {

  private final Path folder;
  private final Sql sql;
  private final RowReader reading;

  private History(Path folder, Sql sql) {
    this.folder = folder;
    this.sql = sql;
    this.reading = new RowReader(sql);
  }

  /**
   * What became of a notification at one receiver.
   *
   * @param state pending, delivered, folded or dead
   * @param at when that was so; {@code null} while it is pending
   * @param why why it is dead, or the id of the summary that it is in
   */
  public record Outcome(
      String receiver, String state, int attempts, @Nullable Instant at, @Nullable String why) {}

  /** A notification, when it was made, and what became of it. */
  public record Told(Notification notification, Instant at, List<Outcome> outcomes) {
    public Told {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * A listener with one set of owners.
   *
   * @param last when it was seen last; {@code null} while it is there
   */
  public record Seen(Endpoint endpoint, List<Owner> owners, Instant first, @Nullable Instant last) {
    public Seen {
      owners = List.copyOf(owners);
    }
  }

  /**
   * An entry of the log.
   *
   * @param what one word
   * @param details what there is to say of it
   */
  public record Entry(long number, Instant at, String what, JsonTree details) {}

  /** The store cannot be read; the message says why, for an admin. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(Path folder, Exception why) {
      super("what the agent of " + folder + " knows cannot be read: " + words(why), why);
    }

    private static String words(Exception why) {
      if (why instanceof NoSuchFileException) {
        return "no agent has run on this folder yet";
      }
      return why instanceof AccessDeniedException denied
          ? "this user may not open " + denied.getFile()
          : String.valueOf(why.getMessage());
    }
  }

  /**
   * Opens the store in this folder.
   *
   * @throws Unreadable where there is none, or this user may not read it
   */
  public static History in(Path folder) throws Unreadable {
    try {
      RowSeal seal = RowSeal.existing(folder);
      return new History(folder, Sql.readOnly(folder.resolve(Database.FILE), seal));
    } catch (IOException | SQLException e) {
      throw new Unreadable(folder, e);
    }
  }

  /** The open alerts, and those that were over since then; the latter in order of their end. */
  public List<Alert> alerts(Instant since) throws Unreadable {
    return read(() -> reading.alerts(since).all());
  }

  private <T> T read(Sql.Asking<T> asking) throws Unreadable {
    try {
      return sql.atOneMoment(asking);
    } catch (SQLException | IllegalArgumentException e) {
      throw new Unreadable(folder, e);
    }
  }

  /** The silences that end after this. */
  public List<Silence> silences(Instant end) throws Unreadable {
    return read(() -> SilenceRows.after(sql, end));
  }

  /** What was told since then, in order. */
  public List<Told> told(Instant since) throws Unreadable {
    return read(() -> readTold(since));
  }

  private List<Told> readTold(Instant since) throws SQLException {
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
    List<Told> told = new ArrayList<>();
    for (Row row : rows) {
      Instant at = Instant.ofEpochMilli(row.number(5));
      told.add(
          new Told(reading.notification(row), at, outcomes.getOrDefault(row.number(0), List.of())));
    }
    return told;
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

  /** What the log says since then, in order. */
  public List<Entry> entries(Instant since) throws Unreadable {
    return read(() -> readEntries(since));
  }

  private List<Entry> readEntries(Instant since) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    sql.each(
        Table.CHAIN,
        "WHERE at >= ? ORDER BY seq",
        row -> {
          Instant at = Instant.ofEpochMilli(row.number(1));
          entries.add(new Entry(row.number(0), at, row.text(2), JsonTree.of(row.text(3))));
        },
        since.toEpochMilli());
    return entries;
  }

  /**
   * Whether the log is whole.
   *
   * @param told an entry as it was told elsewhere; {@code null} where none is to be compared
   */
  public VerificationResult verify(@Nullable LogHead told) throws Unreadable {
    return read(() -> AuditLogCheck.of(sql, told));
  }

  /** The listeners that came, changed their owner or went since then, in order of first sight. */
  public List<Seen> seen(Instant since) throws Unreadable {
    return read(() -> readSeen(since));
  }

  private List<Seen> readSeen(Instant since) throws SQLException {
    List<Seen> seen = new ArrayList<>();
    long from = since.toEpochMilli();
    sql.each(
        Table.SIGHT,
        "WHERE first >= ? OR last >= ? ORDER BY first, id",
        row -> seen.add(seen(row)),
        from,
        from);
    return seen;
  }

  private static Seen seen(Row row) {
    JsonTree tree = JsonTree.of(CompressedJson.json(row.bytes(1)));
    Long last = row.numberOr(3);
    return new Seen(
        FindingJson.endpoint(tree.tree("endpoint")),
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
