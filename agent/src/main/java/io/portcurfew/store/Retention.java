package io.portcurfew.store;

import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;

/** Deletes old history: ended rows without a pending notification. Called within a transaction. */
final class Retention {

  private final Sql sql;

  Retention(Sql sql) {
    this.sql = sql;
  }

  /** Deletes the rows that ended before this time. */
  void before(Instant end) throws SQLException {
    long millis = end.toEpochMilli();
    notifications("made < ?", millis);
    sql.change("DELETE FROM alert WHERE ends < ?", millis);
    sql.change("DELETE FROM sight WHERE last < ?", millis);
    sql.change("DELETE FROM silence WHERE ends < ?", millis);
    new AuditLog(sql).deleteBefore(end);
    bodies();
  }

  /**
   * Deletes the older half repeatedly while more than this is used: a flood must not fill the disk.
   * Rows are ordered by their number and not by their time, which a step of the clock makes wrong.
   */
  void stayWithin(long bytes) throws SQLException {
    long used = inUse();
    if (used <= bytes) {
      return;
    }
    bodies();
    used = inUse();
    long before = Long.MAX_VALUE;
    while (used > bytes / 4 * 3 && used < before) {
      olderHalf();
      before = used;
      used = inUse();
    }
  }

  private void olderHalf() throws SQLException {
    notifications("seq < ?", middle("seq", "notification"));
    long alerts = sql.number("SELECT count(*) / 2 FROM alert WHERE ends IS NOT NULL");
    long end =
        sql.number(
            "SELECT ends FROM alert WHERE ends IS NOT NULL ORDER BY ends LIMIT 1 OFFSET ?", alerts);
    sql.change("DELETE FROM alert WHERE ends <= ?", end);
    sql.change("DELETE FROM sight WHERE last IS NOT NULL AND id < ?", middle("id", "sight"));
    new AuditLog(sql).deleteBefore(middle("seq", "chain"));
    bodies();
  }

  private long middle(String key, String table) throws SQLException {
    String select = "SELECT (min(%1$s) + max(%1$s)) / 2 FROM %2$s";
    return sql.number(select.formatted(key, table));
  }

  private void notifications(String old, long than) throws SQLException {
    sql.change(
        "DELETE FROM delivery WHERE state <> 'pending' AND notification IN"
            + " (SELECT seq FROM notification WHERE "
            + old
            + " AND seq NOT IN (SELECT notification FROM delivery WHERE state = 'pending'))",
        than);
    sql.change(
        "DELETE FROM notification WHERE "
            + old
            + " AND seq NOT IN (SELECT notification FROM delivery)",
        than);
  }

  private void bodies() throws SQLException {
    sql.change(
        "DELETE FROM body WHERE id NOT IN"
            + " (SELECT body FROM alert UNION ALL SELECT body FROM notification) AND id <> "
            + KnownReceivers.ROW);
  }

  /** The number of bytes in use. */
  private long inUse() throws SQLException {
    long pages = sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count");
    return pages * sql.number("PRAGMA page_size");
  }
}
