package io.portcurfew.store;

import io.portcurfew.alert.Silence;
import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes silences in the database. */
final class SilenceRows {

  private SilenceRows() {}

  /** The silences that end after this time, in order of their end. */
  static List<Silence> after(Sql sql, Instant end) throws SQLException {
    List<Silence> silences = new ArrayList<>();
    sql.each(
        Table.SILENCE,
        "WHERE ends > ? ORDER BY ends, id",
        row -> silences.add(silence(row)),
        end.toEpochMilli());
    return silences;
  }

  static void put(Sql sql, Silence one) throws SQLException {
    sql.put(
        Table.SILENCE,
        one.id(),
        one.startsAt().toEpochMilli(),
        one.endsAt().toEpochMilli(),
        Json.compact(tree(one)));
  }

  /** The matcher, author and comment of a silence. */
  static Map<String, Object> tree(Silence one) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Json.putKnown(tree, "rule", one.rule());
    Json.putKnown(tree, "endpoint", one.endpoint());
    tree.put("author", one.author());
    tree.put("comment", one.comment());
    return tree;
  }

  private static Silence silence(Row row) {
    JsonTree tree = JsonTree.of(row.text(3));
    String endpoint = tree.textOr("endpoint");
    return new Silence(
        row.text(0),
        tree.textOr("rule"),
        endpoint == null ? null : Endpoint.parse(endpoint).orElseThrow(),
        Instant.ofEpochMilli(row.number(1)),
        Instant.ofEpochMilli(row.number(2)),
        tree.text("author"),
        tree.text("comment"));
  }
}
