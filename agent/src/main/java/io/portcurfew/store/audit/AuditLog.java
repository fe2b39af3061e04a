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
 * The log that shows tampering. The hash of an entry is the SHA-256 of these lines: the hash of the
 * entry before, its number, its time in milliseconds, what it is and its JSON. So none can be
 * changed, taken out or put in unless every later one becomes another.
 *
 * <p>Two sealed marks say where it begins, after old entries were forgotten, and where it ends.
 */
public final class AuditLog {

  /** What an agent enters when it begins. */
  public static final String START = "start";

  /** What an agent enters when it is told to end. */
  public static final String STOP = "stop";

  private static final int BEFORE_THE_FIRST = 0;
  private static final int LAST = 1;

  private final Sql sql;

  /**
   * What is entered.
   *
   * @param what one word
   * @param details by name, as {@link Json} takes them
   */
  public record Entry(String what, Map<String, ?> details) {}

  public AuditLog(Sql sql) {
    this.sql = sql;
  }

  /** Begins a log in a new database; within its first transaction. */
  public void begin(Instant at, String why) throws SQLException {
    mark(BEFORE_THE_FIRST, LogHead.NONE);
    mark(LAST, LogHead.NONE);
    add(at, List.of(new Entry("begun", Map.of("because", why))));
  }

  /** Enters these at the end; within a transaction. */
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

  /** The entry before the first one that is kept. */
  public LogHead before() throws SQLException {
    return marked(BEFORE_THE_FIRST);
  }

  /**
   * Forgets the entries at the beginning that are older, but for the last one; within a
   * transaction.
   */
  public void forget(Instant before) throws SQLException {
    long first =
        sql.number(
            "SELECT ifnull(min(seq), (SELECT max(seq) FROM chain)) FROM chain WHERE at >= ?",
            before.toEpochMilli());
    forgetBefore(first);
  }

  /** Forgets the entries before this one; within a transaction. */
  public void forgetBefore(long first) throws SQLException {
    Row last = sql.one(Table.CHAIN, "WHERE seq = ?", first - 1).orElse(null);
    if (last != null) {
      mark(BEFORE_THE_FIRST, new LogHead(last.number(0), last.text(4)));
      sql.change("DELETE FROM chain WHERE seq < ?", first);
    }
  }

  /** What the entry after this one is known by. */
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
      // Every Java platform has it: java.security.MessageDigest.
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
