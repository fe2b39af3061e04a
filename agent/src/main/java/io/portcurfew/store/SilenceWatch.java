package io.portcurfew.store;

import io.portcurfew.alert.Silence;
import io.portcurfew.store.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The silences of a running agent. They are read again after another process wrote to the database,
 * which {@code PRAGMA data_version} shows at almost no cost.
 */
final class SilenceWatch {

  private @Nullable Sql read;
  private long version;
  private List<Silence> silences = List.of();

  /** The silences that have not ended at the last read. */
  List<Silence> all() {
    return silences;
  }

  /** Reads the silences again if needed; returns true if another process wrote to the database. */
  // A new database is a new object; its version cannot be compared with that of the old one.
  @SuppressWarnings("ReferenceEquality")
  boolean refresh(Sql sql, Instant now) throws SQLException {
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
