package io.portcurfew.store;

import io.portcurfew.alert.Silence;
import io.portcurfew.store.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The silences as an agent knows them. They are read again when another process has written into
 * the database, which SQLite tells for next to nothing (PRAGMA data_version).
 */
final class SilenceWatch {

  private @Nullable Sql read;
  private long version;
  private List<Silence> silences = List.of();

  /** All that may still hold. */
  List<Silence> all() {
    return silences;
  }

  /** Looks whether there are others; gives whether anything was written by another process. */
  // Another database is another object; its version says nothing beside that of the one before.
  @SuppressWarnings("ReferenceEquality")
  boolean look(Sql sql, Instant now) throws SQLException {
    long latest = sql.number("PRAGMA data_version");
    if (sql == read && latest == version) {
      return false;
    }
    silences = SilenceRows.after(sql, now);
    version = latest;
    read = sql;
    return true;
  }
}
