package io.portcurfew.store;

import io.portcurfew.alert.Silence;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates and ends silences in the database of an agent, running or not. SQLite lets one process
 * write at a time. It needs root or the agent's user, who can read the key.
 */
public final class SilenceWriter implements AutoCloseable {

  /** Bounded, since every scan checks all silences. */
  public static final int MOST = 1_000;

  private final Path folder;
  private final Sql sql;

  private SilenceWriter(Path folder, Sql sql) {
    this.folder = folder;
    this.sql = sql;
  }

  /**
   * Opens the database in this folder.
   *
   * @throws History.Unreadable if there is none, or this user cannot use it
   */
  public static SilenceWriter in(Path folder) throws History.Unreadable {
    try {
      return new SilenceWriter(folder, Database.beside(folder, RowSeal.existing(folder)));
    } catch (IOException | SQLException e) {
      throw new History.Unreadable(folder, e);
    }
  }

  /**
   * Creates a silence.
   *
   * @return false if there are too many silences
   */
  public boolean add(Silence silence) throws History.Unreadable {
    return change(
        () -> {
          if (SilenceRows.after(sql, silence.startsAt()).size() >= MOST) {
            return false;
          }
          SilenceRows.put(sql, silence);
          Map<String, Object> details = new LinkedHashMap<>(Map.of("id", silence.id()));
          details.putAll(SilenceRows.tree(silence));
          details.put("until", silence.endsAt());
          enter("silence", silence.startsAt(), details);
          return true;
        });
  }

  /**
   * Ends an active silence.
   *
   * @param by the user who ends it
   * @return false if there is no such silence
   */
  public boolean end(String id, Instant now, String by) throws History.Unreadable {
    return change(
        () -> {
          Optional<Silence> active =
              SilenceRows.after(sql, now).stream().filter(one -> one.id().equals(id)).findFirst();
          if (active.isEmpty()) {
            return false;
          }
          SilenceRows.put(sql, active.get().endedAt(now));
          enter("silence-end", now, Map.of("id", id, "author", by));
          return true;
        });
  }

  private void enter(String what, Instant at, Map<String, ?> details) throws SQLException {
    new AuditLog(sql).add(at, List.of(new AuditLog.Entry(what, details)));
  }

  /** A transaction; returns true if it changed something. */
  private interface SilenceChange {
    boolean run() throws SQLException;
  }

  private boolean change(SilenceChange change) throws History.Unreadable {
    boolean[] done = new boolean[1];
    try {
      sql.transaction(() -> done[0] = change.run());
      return done[0];
    } catch (SQLException | IllegalArgumentException e) {
      throw new History.Unreadable(folder, e);
    }
  }

  @Override
  public void close() throws History.Unreadable {
    try {
      sql.close();
    } catch (SQLException e) {
      throw new History.Unreadable(folder, e);
    }
  }
}
