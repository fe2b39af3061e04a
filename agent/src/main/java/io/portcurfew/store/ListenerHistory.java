package io.portcurfew.store;

import io.portcurfew.alert.OwnerIdentity;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.SocketPlaceJson;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.TrafficPlace;
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
 * The history of listeners and of sockets of other families: the first and last time of each, and
 * its owners. A listener that stays open is written only once.
 */
final class ListenerHistory {

  /** Bounded, since an attacker chooses how many processes hold a socket. */
  private static final int MOST_OWNERS = 20;

  private static final long IDS_PER_MILLISECOND = 1024;

  private final Map<TrafficPlace, OpenListener> open = new HashMap<>();
  private final Set<Long> replaced = new HashSet<>();
  private long lastId;
  private @Nullable Snapshot before;

  /**
   * An open listener.
   *
   * @param owners the last known {@linkplain OwnerIdentity identities} of its owners
   */
  private record OpenListener(long id, String json, List<String> owners, Instant first) {

    OpenListener ownedBy(List<String> others) {
      return new OpenListener(id, json, others, first);
    }
  }

  /**
   * Starts without listeners.
   *
   * @param now makes ids that no earlier agent has used
   */
  ListenerHistory(Instant now) {
    lastId = now.toEpochMilli() * IDS_PER_MILLISECOND;
  }

  /**
   * Continues with the open listeners of the database. A listener that was seen already keeps its
   * earlier row, unless its owner is another one.
   */
  void takeOver(Sql sql) throws SQLException {
    Map<TrafficPlace, OpenListener> earlier = new HashMap<>();
    sql.each(Table.SIGHT, "WHERE last IS NULL", row -> add(row, earlier));
    lastId = Math.max(lastId, sql.number("SELECT max(id) FROM sight"));
    earlier.forEach(this::takeOver);
    before = null;
  }

  private static void add(Row row, Map<TrafficPlace, OpenListener> listeners) {
    String json = CompressedJson.json(row.bytes(1));
    JsonTree tree = JsonTree.of(json);
    listeners.put(
        place(tree),
        new OpenListener(
            row.number(0), json, tree.texts("identities"), Instant.ofEpochMilli(row.number(2))));
  }

  /** Returns the place in a stored text: rows of other families have {@code socket}. */
  static TrafficPlace place(JsonTree tree) {
    JsonTree socket = tree.treeOr("socket");
    return socket == null ? EndpointJson.of(tree.tree("endpoint")) : SocketPlaceJson.of(socket);
  }

  private void takeOver(TrafficPlace place, OpenListener earlier) {
    OpenListener seen = open.get(place);
    if (seen != null && !OwnerIdentity.agree(earlier.owners, seen.owners)) {
      return;
    }
    open.put(place, earlier);
    if (seen != null) {
      replaced.add(seen.id);
    }
  }

  /**
   * Returns the rows that this scan changes, for {@link #write}. A listener ends only if the scan
   * covers its place; sockets of UDP clients are left out, as they come and go by the thousand.
   *
   * @param lastSeen the time of the last complete scan before this one
   */
  List<@Nullable Object[]> update(Snapshot snapshot, Instant lastSeen) {
    Snapshot last = before;
    before = snapshot;
    if (last != null && last.showsTheSameAs(snapshot)) {
      return List.of();
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    Set<TrafficPlace> seen = new HashSet<>();
    for (Listener listener : snapshot.listeners()) {
      if (!snapshot.isOfClient(listener)) {
        seen.add(listener.endpoint());
        see(listener.endpoint(), listener.owners(), snapshot.takenAt(), rows);
      }
    }
    for (OtherSocket socket : snapshot.sockets().all()) {
      seen.add(socket.place());
      see(socket.place(), socket.knownOwners(), snapshot.takenAt(), rows);
    }
    for (TrafficPlace gone : List.copyOf(open.keySet())) {
      if (!seen.contains(gone) && snapshot.covers(gone)) {
        end(gone, lastSeen, rows);
      }
    }
    return rows;
  }

  private void see(
      TrafficPlace place, List<Owner> holders, Instant now, List<@Nullable Object[]> rows) {
    List<String> owners = OwnerIdentity.of(holders);
    OpenListener known = open.get(place);
    if (known != null && (owners.isEmpty() || OwnerIdentity.agree(known.owners, owners))) {
      if (!owners.isEmpty() && !owners.equals(known.owners)) {
        open.put(place, known.ownedBy(OwnerIdentity.merge(known.owners, owners)));
      }
      return;
    }
    if (known != null) {
      end(place, now, rows);
    }
    OpenListener opened = new OpenListener(++lastId, json(place, holders, owners), owners, now);
    open.put(place, opened);
    rows.add(row(opened, null));
  }

  private void end(TrafficPlace place, Instant last, List<@Nullable Object[]> rows) {
    OpenListener listener = open.remove(place);
    if (listener != null) {
      rows.add(row(listener, last.isBefore(listener.first) ? listener.first : last));
    }
  }

  /** The time at which each open listener was first seen. */
  Map<Endpoint, Instant> firstSeen() {
    Map<Endpoint, Instant> times = new HashMap<>();
    open.forEach(
        (place, listener) -> {
          if (place instanceof Endpoint endpoint) {
            times.put(endpoint, listener.first);
          }
        });
    return times;
  }

  private static @Nullable Object[] row(OpenListener listener, @Nullable Instant last) {
    Long ended = last == null ? null : last.toEpochMilli();
    return new @Nullable Object[] {
      listener.id, CompressedJson.of(listener.json), listener.first.toEpochMilli(), ended
    };
  }

  private static String json(TrafficPlace place, List<Owner> owners, List<String> identities) {
    Map<String, Object> tree = new LinkedHashMap<>();
    if (place instanceof Endpoint endpoint) {
      tree.put("endpoint", EndpointJson.complete(endpoint));
    } else {
      tree.put("socket", SocketPlaceJson.tree((SocketPlace) place));
    }
    tree.put("identities", identities);
    tree.put("owners", owners.stream().limit(MOST_OWNERS).map(OwnerJson::complete).toList());
    return Json.compact(tree);
  }

  /** Makes the database agree with the open listeners. */
  void bringUpToDate(Sql sql, Instant at) throws SQLException {
    Set<Long> known = new HashSet<>();
    open.values().forEach(listener -> known.add(listener.id));
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
    open.values().forEach(listener -> rows.add(row(listener, null)));
    write(sql, rows);
    for (long id : replaced) {
      sql.change("DELETE FROM sight WHERE id = ?", id);
    }
  }

  static void write(Sql sql, List<@Nullable Object[]> rows) throws SQLException {
    for (@Nullable Object[] row : rows) {
      sql.put(Table.SIGHT, row);
    }
  }
}
