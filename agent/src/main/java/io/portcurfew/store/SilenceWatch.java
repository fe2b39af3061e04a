package io.portcurfew.store;

import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.store.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The silences of a running agent. They are read again after another process wrote to the database,
 * which {@code PRAGMA data_version} shows at almost no cost.
 */
final class SilenceWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);

  private @Nullable Sql read;
  private long version;
  private List<Silence> silences = List.of();

  /** The active silences; the last known ones if they cannot be read. */
  Silences at(Instant now, WriteQueue queue) {
    try {
      if (refresh(queue.database().sql(), now)) {
        queue.written();
      }
    } catch (SQLException | IllegalArgumentException e) {
      LOG.debug("cannot read the silences: {}", e.getMessage());
    }
    return Silences.at(now, silences);
  }

  /** Reads the silences again if needed; returns true if another process wrote to the database. */
  // A new database is a new object; its version cannot be compared with that of the old one.
  @SuppressWarnings("ReferenceEquality")
  private boolean refresh(Sql sql, Instant now) throws SQLException {
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
