package io.portcurfew.store;

import io.portcurfew.alert.OwnerIdentity;
import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history of listeners: when each was first and last seen, and by whom it was held. What is
 * there in look after look is written only once.
 */
final class ListenerHistory {

  /** An attacker decides how many processes hold a socket. */
  private static final int MOST_OWNERS = 20;

  private static final long IDS_A_MILLISECOND = 1024;

  private final Map<Endpoint, Sight> open = new HashMap<>();
  private long lastId;
  private @Nullable Snapshot before;

  /**
   * A listener that is there.
   *
   * @param owners the {@linkplain OwnerIdentity identities} of those who held it when they were
   *     last known
   */
  private record Sight(long id, String json, List<String> owners, Instant first) {}

  /**
   * Begins with nothing.
   *
   * @param now makes ids that no agent has given before
   */
  ListenerHistory(Instant now) {
    lastId = now.toEpochMilli() * IDS_A_MILLISECOND;
  }

  /** Goes on from what the database says was there. */
  ListenerHistory(Sql sql, Instant now) throws SQLException {
    this(now);
    lastId = Math.max(lastId, sql.number("SELECT max(id) FROM sight"));
    sql.each(Table.SIGHT, "WHERE last IS NULL", this::add);
  }

  private void add(Row row) {
    String json = CompressedJson.json(row.bytes(1));
    JsonTree tree = JsonTree.of(json);
    open.put(
        FindingJson.endpoint(tree.tree("endpoint")),
        new Sight(
            row.number(0), json, tree.texts("identities"), Instant.ofEpochMilli(row.number(2))));
  }

  /**
   * The rows that this look changes, to be written by {@link #write}. What it does not cover has
   * not ended; the sockets of UDP clients are left out, as they come and go by the thousand.
   *
   * @param lastSeen when the listeners of the look before were there for the last time
   */
  List<@Nullable Object[]> saw(Snapshot snapshot, Instant lastSeen) {
    Snapshot last = before;
    before = snapshot;
    if (last != null && last.showsTheSameAs(snapshot)) {
      return List.of();
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    Set<Endpoint> there = new HashSet<>();
    for (Listener listener : snapshot.listeners()) {
      if (!snapshot.isEphemeral(listener)) {
        there.add(listener.endpoint());
        see(listener, snapshot.takenAt(), rows);
      }
    }
    for (Endpoint gone : List.copyOf(open.keySet())) {
      if (!there.contains(gone) && snapshot.covers(gone)) {
        end(gone, lastSeen, rows);
      }
    }
    return rows;
  }

  private void see(Listener listener, Instant now, List<@Nullable Object[]> rows) {
    List<String> owners = OwnerIdentity.of(listener.owners());
    Sight known = open.get(listener.endpoint());
    boolean same = known != null && (owners.isEmpty() || owners.equals(known.owners));
    if (same) {
      return;
    }
    if (known != null) {
      end(listener.endpoint(), now, rows);
    }
    Sight sight = new Sight(++lastId, json(listener, owners), owners, now);
    open.put(listener.endpoint(), sight);
    rows.add(row(sight, null));
  }

  private void end(Endpoint endpoint, Instant last, List<@Nullable Object[]> rows) {
    Sight sight = open.remove(endpoint);
    if (sight != null) {
      rows.add(row(sight, last.isBefore(sight.first) ? sight.first : last));
    }
  }

  private static @Nullable Object[] row(Sight sight, @Nullable Instant last) {
    Long ended = last == null ? null : last.toEpochMilli();
    return new @Nullable Object[] {
      sight.id, CompressedJson.of(sight.json), sight.first.toEpochMilli(), ended
    };
  }

  private static String json(Listener listener, List<String> identities) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("endpoint", FindingJson.endpoint(listener.endpoint()));
    tree.put("identities", identities);
    tree.put("owners", listener.owners().stream().limit(MOST_OWNERS).map(OwnerJson::tree).toList());
    return Json.compact(tree);
  }

  /** Makes what is there what the database says is there. */
  void bringUpToDate(Sql sql, Instant at) throws SQLException {
    Set<Long> known = new HashSet<>();
    open.values().forEach(sight -> known.add(sight.id));
    List<@Nullable Object[]> rows = new ArrayList<>();
    sql.each(
        Table.SIGHT,
        "WHERE last IS NULL",
        row -> {
          if (!known.contains(row.number(0))) {
            long ended = Math.max(row.number(2), at.toEpochMilli());
            rows.add(new @Nullable Object[] {row.number(0), row.bytes(1), row.number(2), ended});
          }
        });
    open.values().forEach(sight -> rows.add(row(sight, null)));
    write(sql, rows);
  }

  static void write(Sql sql, List<@Nullable Object[]> rows) throws SQLException {
    for (@Nullable Object[] row : rows) {
      sql.put(Table.SIGHT, row);
    }
  }
}
