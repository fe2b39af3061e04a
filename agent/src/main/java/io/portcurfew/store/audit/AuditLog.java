package io.portcurfew.store.audit;

import io.portcurfew.json.Json;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A log that reveals tampering. The hash of an entry is the SHA-256 of these lines: the hash of the
 * previous entry, its number, its time in milliseconds, its kind and its JSON. So a changed,
 * removed or inserted entry changes every later one.
 *
 * <p>Two sealed marks hold its start, after old entries were deleted, and its end.
 */
public final class AuditLog {

  /** The kind of the entry at the start of an agent. */
  public static final String START = "start";

  /** The kind of the entry at an orderly stop of an agent. */
  public static final String STOP = "stop";

  private static final int BEFORE_THE_FIRST = 0;
  private static final int LAST = 1;

  private final Sql sql;

  /**
   * A new entry.
   *
   * @param what the kind of entry, one word
   * @param details the values by name, in a form for {@link Json}
   */
  public record Entry(String what, Map<String, ?> details) {}

  /** The log of this database. */
  public AuditLog(Sql sql) {
    this.sql = sql;
  }

  /** Starts a log in a new database, within its first transaction. */
  public void start(Instant at, String why) throws SQLException {
    mark(BEFORE_THE_FIRST, LogHead.NONE);
    mark(LAST, LogHead.NONE);
    add(at, List.of(new Entry("begun", Map.of("because", why))));
  }

  /** Appends entries, within a transaction. */
  public void add(Instant at, List<Entry> entries) throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    LogHead head = head();
    for (Entry entry : entries) {
      long time = at.toEpochMilli();
      String json = Json.compact(new LinkedHashMap<>(entry.details));
      head = after(head, time, entry.what, json);
      sql.put(Table.CHAIN, head.entry(), time, entry.what, json, head.hash());
    }
    mark(LAST, head);
  }

  /** The last entry. */
  public LogHead head() throws SQLException {
    return marked(LAST);
  }

  /** The entry before the first kept one. */
  public LogHead before() throws SQLException {
    return marked(BEFORE_THE_FIRST);
  }

  /** Deletes the entries before this time, but not the last one; within a transaction. */
  public void deleteBefore(Instant before) throws SQLException {
    long first =
        sql.number(
            "SELECT ifnull(min(seq), (SELECT max(seq) FROM chain)) FROM chain WHERE at >= ?",
            before.toEpochMilli());
    deleteBefore(first);
  }

  /** Deletes the entries before this one, within a transaction. */
  public void deleteBefore(long first) throws SQLException {
    Row last = sql.one(Table.CHAIN, "WHERE seq = ?", first - 1).orElse(null);
    if (last != null) {
      mark(BEFORE_THE_FIRST, new LogHead(last.number(0), last.text(4)));
      sql.change("DELETE FROM chain WHERE seq < ?", first);
    }
  }

  /** The number and hash of the entry after this one. */
  static LogHead after(LogHead head, long time, String what, String json) {
    long entry = head.entry() + 1;
    String lines = String.join("\n", head.hash(), "" + entry, "" + time, what, json);
    byte[] hash = sha256().digest(lines.getBytes(StandardCharsets.UTF_8));
    return new LogHead(entry, HexFormat.of().formatHex(hash));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform has this algorithm: java.security.MessageDigest.
      throw new IllegalStateException(impossible);
    }
  }

  private void mark(int which, LogHead head) throws SQLException {
    sql.put(Table.MARK, which, head.entry(), head.hash());
  }

  private LogHead marked(int which) throws SQLException {
    return sql.one(Table.MARK, "WHERE id = ?", which)
        .map(row -> new LogHead(row.number(1), row.text(2)))
        .orElseThrow(() -> new Sql.BadSeal("a mark of the log is missing"));
  }
}
