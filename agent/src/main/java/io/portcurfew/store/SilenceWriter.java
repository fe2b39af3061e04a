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
 * Makes and ends silences of an agent, whether it runs or not: in its database, to which SQLite
 * lets one process write at a time. Takes the agent's user or root, who can read its key.
 */
public final class SilenceWriter implements AutoCloseable {

  /** More would slow every look down. */
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
   * @throws History.Unreadable where there is none, or this user may not use it
   */
  public static SilenceWriter in(Path folder) throws History.Unreadable {
    try {
      return new SilenceWriter(folder, Database.beside(folder, RowSeal.existing(folder)));
    } catch (IOException | SQLException e) {
      throw new History.Unreadable(folder, e);
    }
  }

  /**
   * Makes a silence.
   *
   * @return whether there was room for it
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
   * Ends a silence that holds.
   *
   * @param by who ends it
   * @return whether there was one
   */
  public boolean end(String id, Instant now, String by) throws History.Unreadable {
    return change(
        () -> {
          Optional<Silence> held =
              SilenceRows.after(sql, now).stream().filter(one -> one.id().equals(id)).findFirst();
          if (held.isEmpty()) {
            return false;
          }
          SilenceRows.put(sql, held.get().endedAt(now));
          enter("silence-end", now, Map.of("id", id, "author", by));
          return true;
        });
  }

  private void enter(String what, Instant at, Map<String, ?> details) throws SQLException {
    new AuditLog(sql).add(at, List.of(new AuditLog.Entry(what, details)));
  }

  /** What is done as a whole; gives whether it was. */
  private interface Change {
    boolean run() throws SQLException;
  }

  private boolean change(Change change) throws History.Unreadable {
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
