package io.portcurfew.store;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.json.Json;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.RoutedNotification;
import io.portcurfew.notify.Summary;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes alerts, notifications and deliveries into the database; called within a transaction. */
final class RowWriter {

  static final String PENDING = "pending";
  static final String DELIVERED = "delivered";
  static final String FOLDED = "folded";
  static final String DEAD = "dead";

  private final Sql sql;
  private final RowReader reader;

  RowWriter(Sql sql) {
    this.sql = sql;
    this.reader = new RowReader(sql);
  }

  Sql sql() {
    return sql;
  }

  /** Reads the rows. */
  RowReader reader() {
    return reader;
  }

  /** The changes of one scan: alerts, notifications and their receivers. */
  record ScanChanges(
      List<Alert> alerts,
      List<String> dropped,
      List<RoutedNotification> notifications,
      Instant at,
      Duration lived) {}

  void save(ScanChanges changes) throws SQLException {
    Map<String, Long> bodies = new HashMap<>();
    for (String id : changes.dropped) {
      sql.change("DELETE FROM alert WHERE id = ?", id);
    }
    for (Alert alert : changes.alerts) {
      bodies.put(alert.id(), put(alert));
    }
    Map<String, Integer> created = new TreeMap<>();
    for (RoutedNotification each : changes.notifications) {
      Notification one = each.notification();
      Long known = bodies.get(one.alert().id());
      long body = known != null ? known : body(Json.compact(StoredAlertJson.tree(one.alert())));
      add(one, body, each.receivers(), changes.at, changes.lived);
      each.receivers().forEach(receiver -> created.merge(receiver, 1, Integer::sum));
    }
    for (Map.Entry<String, Integer> each : created.entrySet()) {
      count(each.getKey(), each.getValue(), 0, 0, 0);
    }
    List<Notification> sent =
        changes.notifications.stream().map(RoutedNotification::notification).toList();
    new AuditLog(sql).add(changes.at, AlertEntries.of(changes.alerts, changes.dropped, sent));
  }

  private long put(Alert alert) throws SQLException {
    long body = body(Json.compact(StoredAlertJson.tree(alert)));
    Instant ends = alert.endsAt();
    Long ended = ends == null ? null : ends.toEpochMilli();
    sql.put(Table.ALERT, alert.id(), alert.state().name(), ended, body);
    return body;
  }

  private long body(String json) throws SQLException {
    long id = sql.number("SELECT max(id) FROM body") + 1;
    sql.put(Table.BODY, id, CompressedJson.of(json));
    return id;
  }

  private void add(Notification one, long body, Set<String> receivers, Instant at, Duration lived)
      throws SQLException {
    long seq = sql.number("SELECT max(seq) FROM notification") + 1;
    sql.put(
        Table.NOTIFICATION,
        seq,
        one.id(),
        one.reason().name(),
        one.host(),
        one.policy(),
        at.toEpochMilli(),
        lived.toMillis(),
        body);
    for (String receiver : receivers) {
      sql.put(Table.DELIVERY, receiver, seq, PENDING, 0, null, null);
    }
  }

  /** Ends a delivery; one that is not pending or not known stays as it is. */
  boolean end(
      String receiver,
      Notification one,
      String state,
      int attempts,
      Instant at,
      @Nullable String why)
      throws SQLException {
    long seq = sql.number("SELECT seq FROM notification WHERE id = ?", one.id());
    Row row =
        sql.one(Table.DELIVERY, "WHERE receiver = ? AND notification = ?", receiver, seq)
            .orElse(null);
    if (row == null || !row.text(2).equals(PENDING)) {
      return false;
    }
    sql.put(Table.DELIVERY, receiver, seq, state, attempts, at.toEpochMilli(), why);
    return true;
  }

  void delivered(String receiver, Notification one, int attempts, Instant at) throws SQLException {
    if (end(receiver, one, DELIVERED, attempts, at, null)) {
      count(receiver, 0, 1, 0, 0);
    }
  }

  void dead(String receiver, Notification one, int attempts, Instant at, String why)
      throws SQLException {
    if (end(receiver, one, DEAD, attempts, at, why)) {
      count(receiver, 0, 0, 0, 1);
    }
  }

  /** Ends every pending delivery of a notification from before this running time. */
  void giveUp(Duration lived, Instant at, String why) throws SQLException {
    List<Row> old = new ArrayList<>();
    sql.each(
        Table.DELIVERY,
        "WHERE state = 'pending' AND notification IN (SELECT seq FROM notification WHERE lived < ?)",
        old::add,
        lived.toMillis());
    for (Row row : old) {
      sql.put(
          Table.DELIVERY, row.text(0), row.number(1), DEAD, row.number(3), at.toEpochMilli(), why);
      count(row.text(0), 0, 0, 0, 1);
    }
  }

  void fold(
      String receiver, List<Notification> all, Notification summary, Instant at, Duration lived)
      throws SQLException {
    int folded = 0;
    for (Notification one : all) {
      folded += end(receiver, one, FOLDED, 0, at, summary.id()) ? 1 : 0;
    }
    Summary what = summary.summary();
    if (what == null || folded == 0) {
      return;
    }
    long known = sql.number("SELECT seq FROM notification WHERE id = ?", summary.id());
    if (known > 0) {
      // Another receiver has the same summary.
      sql.put(Table.DELIVERY, receiver, known, PENDING, 0, null, null);
    } else {
      add(summary, body(Json.compact(NotificationJson.tree(what))), Set.of(receiver), at, lived);
    }
    count(receiver, 1, 0, folded, 0);
  }

  private void count(String receiver, int created, int delivered, int folded, int dead)
      throws SQLException {
    if (created + delivered + folded + dead == 0) {
      return;
    }
    Row row = sql.one(Table.TALLY, "WHERE receiver = ?", receiver).orElse(null);
    sql.put(
        Table.TALLY,
        receiver,
        created + before(row, 1),
        delivered + before(row, 2),
        folded + before(row, 3),
        dead + before(row, 4));
  }

  private static long before(@Nullable Row row, int column) {
    return row == null ? 0 : row.number(column);
  }

  /**
   * The receivers whose counts of pending, delivered, folded and dead do not add up to those
   * created.
   */
  List<String> unbalanced() throws SQLException {
    Map<String, Long> lacking = new TreeMap<>();
    sql.each(
        Table.TALLY,
        "",
        row -> {
          long ended = row.number(2) + row.number(3) + row.number(4);
          lacking.put(row.text(0), row.number(1) - ended);
        });
    sql.each(
        Table.DELIVERY,
        "WHERE state = 'pending'",
        row -> lacking.merge(row.text(0), -1L, Long::sum));
    return lacking.entrySet().stream()
        .filter(entry -> entry.getValue() != 0)
        .map(entry -> entry.getKey() + " lacks " + entry.getValue())
        .toList();
  }

  /** Replaces the open alerts of the database after changes could not be written. */
  void bringUpToDate(Alerts latest, Instant at) throws SQLException {
    Map<String, Alert> open = new HashMap<>();
    latest.open().values().forEach(alert -> open.put(alert.id(), alert));
    for (Alert alert : reader.allOpen()) {
      if (!open.containsKey(alert.id())) {
        put(ended(alert, at));
      }
    }
    for (Alert alert : open.values()) {
      put(alert);
    }
    new AuditLog(sql).add(at, AlertEntries.of(open.values(), List.of(), List.of()));
  }

  private static Alert ended(Alert alert, Instant at) {
    return new Alert(
        alert.id(),
        AlertState.RESOLVED,
        alert.finding(),
        alert.startsAt(),
        at,
        alert.notificationState());
  }
}
