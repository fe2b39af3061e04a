package io.portcurfew.store;

import io.portcurfew.json.Json;
import io.portcurfew.json.JsonTree;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The receivers that got a notification, and those that the config had at the last save. A receiver
 * that is in the config but not in both was not notified of what fires.
 */
final class KnownReceivers {

  /** The row of the table {@code body} with the receivers of the config; 0.1.0 has none. */
  static final long ROW = 0;

  private static final String NAMES = "receivers";

  private @Nullable Set<String> notified;
  private @Nullable Set<String> configured;

  /** Reads what an earlier run saved. */
  void read(RowWriter from) throws SQLException {
    Set<String> saved =
        from.sql()
            .one(Table.BODY, "WHERE id = ?", ROW)
            .map(row -> CompressedJson.json(row.bytes(1)))
            .<Set<String>>map(json -> new TreeSet<>(JsonTree.of(json).texts(NAMES)))
            .orElse(null);
    notified = from.reader().receivers();
    configured = saved;
  }

  /** True once they were read. */
  boolean isRead() {
    return notified != null;
  }

  /** True if this receiver of the config was not there before; false if that is not known yet. */
  boolean isNew(String name) {
    if (notified == null) {
      return false;
    }
    return !notified.contains(name) || (configured != null && !configured.contains(name));
  }

  /** Returns the saved receivers that are among these; {@code null} if none were saved yet. */
  @Nullable Set<String> among(Set<String> names) {
    if (configured == null) {
      return null;
    }
    Set<String> left = new TreeSet<>(configured);
    left.retainAll(names);
    return left;
  }

  /** Adds receivers of notifications that are being saved. */
  void notified(Collection<String> names) {
    if (notified != null) {
      notified.addAll(names);
    }
  }

  /** Sets the receivers of the config; true if they are to be saved. */
  boolean use(Set<String> names) {
    if (notified == null || names.equals(configured)) {
      return false;
    }
    configured = Set.copyOf(names);
    return true;
  }

  /** Saves the receivers of the config, within a transaction. */
  static void save(RowWriter to, Set<String> names) throws SQLException {
    String json = Json.compact(Map.of(NAMES, List.copyOf(new TreeSet<>(names))));
    to.sql().put(Table.BODY, ROW, CompressedJson.of(json));
  }
}
