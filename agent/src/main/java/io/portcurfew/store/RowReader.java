package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Ledger;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.policy.AgentCondition;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads alerts and notifications from the database. */
final class RowReader {

  /** The last notification that a summary replaces, also by way of another summary. */
  private static final String LAST_PART =
      "WITH RECURSIVE part(seq) AS (SELECT ? UNION SELECT d.notification FROM part"
          + " JOIN notification n ON n.seq = part.seq AND n.reason = 'SUMMARY'"
          + " JOIN delivery d ON d.receiver = ? AND d.state = 'folded' AND d.why = n.id)"
          + " SELECT ifnull(max(n.seq), ?) FROM part JOIN notification n ON n.seq = part.seq"
          + " AND n.reason <> 'SUMMARY'";

  /** Of more refusals the oldest are left out. */
  private static final int MOST_REFUSALS = 100;

  private final Sql sql;

  /**
   * A receiver refused a notification, or it was given up.
   *
   * @param why the cause, for people
   */
  record DeliveryRefusal(String receiver, String why, Instant at) {}

  RowReader(Sql sql) {
    this.sql = sql;
  }

  /** The open alerts, and the alerts that ended since then. */
  Alerts alerts(Instant since) throws SQLException {
    SortedMap<AlertKey, Alert> open = new TreeMap<>();
    for (Alert alert : read("WHERE ends IS NULL ORDER BY id LIMIT ?", Alerts.MOST)) {
      open.put(alert.key(), alert);
    }
    int room = Alerts.MOST - open.size();
    List<Alert> over = read("WHERE ends >= ? ORDER BY ends LIMIT ?", since.toEpochMilli(), room);
    return new Alerts(open, over, 0);
  }

  /** The alerts that were resolved since then, the latest first, and at most this many. */
  List<Alert> resolved(Instant since, int most) throws SQLException {
    return read("WHERE ends >= ? ORDER BY ends DESC LIMIT ?", since.toEpochMilli(), most);
  }

  /** The receivers for which at least one notification was saved; modifiable. */
  Set<String> receivers() throws SQLException {
    Set<String> names = new TreeSet<>();
    sql.each(Table.TALLY, "", row -> names.add(row.text(0)));
    return names;
  }

  /** True if the last agent was stopped in an orderly way, or there was none. */
  boolean wasStopped() throws SQLException {
    boolean forgotten = new AuditLog(sql).before().entry() > 0;
    return sql.one(
            Table.CHAIN, "WHERE what IN (?, ?) ORDER BY seq DESC", AuditLog.START, AuditLog.STOP)
        .map(last -> last.text(2).equals(AuditLog.STOP))
        // The start of an agent that has run for long may be deleted.
        .orElse(!forgotten);
  }

  /** Every open alert of the database, even beyond the maximum. */
  List<Alert> allOpen() throws SQLException {
    return read("WHERE ends IS NULL ORDER BY id");
  }

  private List<Alert> read(String where, @Nullable Object... values) throws SQLException {
    List<Long> bodies = new ArrayList<>();
    sql.each(Table.ALERT, where, row -> bodies.add(row.number(3)), values);
    List<Alert> alerts = new ArrayList<>();
    for (long body : bodies) {
      alerts.add(StoredAlertJson.of(json(body)));
    }
    return alerts;
  }

  private JsonTree json(long body) throws SQLException {
    Row row =
        sql.one(Table.BODY, "WHERE id = ?", body)
            .orElseThrow(() -> new Sql.BadSeal("a body is missing"));
    return JsonTree.of(CompressedJson.json(row.bytes(1)));
  }

  /**
   * The pending notifications of a receiver, in order. A summary comes where the last notification
   * came that it replaces: later ones may have been saved before these were merged.
   */
  List<Ledger.Pending> pending(String receiver, Duration lived) throws SQLException {
    List<Long> all = new ArrayList<>();
    sql.each(
        Table.DELIVERY,
        "WHERE receiver = ? AND state = 'pending' ORDER BY receiver, notification",
        row -> all.add(row.number(1)),
        receiver);
    List<PlacedRow> pending = new ArrayList<>();
    for (long seq : all) {
      pending.add(pending(receiver, seq, lived));
    }
    pending.sort(Comparator.comparingLong(PlacedRow::place));
    return pending.stream().map(PlacedRow::pending).toList();
  }

  private record PlacedRow(long place, Ledger.Pending pending) {}

  private PlacedRow pending(String receiver, long seq, Duration lived) throws SQLException {
    Row row = row(seq);
    Notification one = notification(row);
    Duration age = lived.minusMillis(row.number(6));
    long place = one.summary() == null ? seq : sql.number(LAST_PART, seq, receiver, seq);
    return new PlacedRow(place, new Ledger.Pending(one, age.isNegative() ? Duration.ZERO : age));
  }

  /**
   * The refusals since then, the latest first. Without those of reports about refusals, and without
   * notifications that were given up because no receiver of the config waited for them.
   */
  List<DeliveryRefusal> refusals(Instant since) throws SQLException {
    List<Row> dead = new ArrayList<>();
    sql.each(
        Table.DELIVERY,
        "WHERE state = 'dead' AND attempts > 0 AND ended >= ? ORDER BY ended DESC LIMIT ?",
        dead::add,
        since.toEpochMilli(),
        MOST_REFUSALS);
    List<DeliveryRefusal> refusals = new ArrayList<>();
    for (Row row : dead) {
      Notification refused = notification(row(row.number(1)));
      if (refused.alert().finding().kind() != AgentCondition.UNDELIVERED) {
        Instant at = Instant.ofEpochMilli(row.number(4));
        refusals.add(new DeliveryRefusal(row.text(0), row.text(5), at));
      }
    }
    return refusals;
  }

  private Row row(long seq) throws SQLException {
    return sql.one(Table.NOTIFICATION, "WHERE seq = ?", seq)
        .orElseThrow(() -> new Sql.BadSeal("a notification is missing"));
  }

  Notification notification(Row row) throws SQLException {
    Reason reason = Reason.valueOf(row.text(2));
    JsonTree body = json(row.number(7));
    String host = row.text(3);
    if (reason != Reason.SUMMARY) {
      return new Notification(row.text(1), reason, StoredAlertJson.of(body), host, row.text(4));
    }
    Summary summary = NotificationJson.summary(body, host);
    Alert worst = summary.shown().get(0).alert();
    return new Notification(row.text(1), reason, worst, host, row.text(4), summary);
  }
}
