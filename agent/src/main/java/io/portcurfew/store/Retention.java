package io.portcurfew.store;

import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Forgets what is old: what is over, and of which nobody is still to be told. Called within a
 * transaction.
 */
final class Retention {

  private final Sql sql;

  Retention(Sql sql) {
    this.sql = sql;
  }

  /** Forgets what ended before. */
  void before(Instant end) throws SQLException {
    long millis = end.toEpochMilli();
    notifications("made < ?", millis);
    sql.change("DELETE FROM alert WHERE ends < ?", millis);
    sql.change("DELETE FROM sight WHERE last < ?", millis);
    sql.change("DELETE FROM silence WHERE ends < ?", millis);
    new AuditLog(sql).forget(end);
    bodies();
  }

  /**
   * Where more than this is taken, forgets the older half, again and again: a flood must not fill
   * the disk. By the order in which it was written and not by its time, which a clock that was set
   * has made wrong.
   */
  void stayWithin(long bytes) throws SQLException {
    long taken = inUse();
    if (taken <= bytes) {
      return;
    }
    bodies();
    taken = inUse();
    long before = Long.MAX_VALUE;
    while (taken > bytes / 4 * 3 && taken < before) {
      olderHalf();
      before = taken;
      taken = inUse();
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
    new AuditLog(sql).forgetBefore(middle("seq", "chain"));
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
            + " (SELECT body FROM alert UNION ALL SELECT body FROM notification)");
  }

  /** How many bytes are in use. */
  private long inUse() throws SQLException {
    long pages = sql.number("PRAGMA page_count") - sql.number("PRAGMA freelist_count");
    return pages * sql.number("PRAGMA page_size");
  }
}
