package io.portcurfew.store;

import io.portcurfew.observe.HostText;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database of a folder in any state: a damaged or missing database is set aside and
 * replaced by a new one.
 */
final class DatabaseOpener {

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final Path folder;
  private final InstantSource clock;
  private List<String> damaged = List.of();
  private boolean mayHaveDamaged = true;
  private DatabaseFiles files = new DatabaseFiles(Map.of());

  DatabaseOpener(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Opens the existing database or creates the first one.
   *
   * @throws SQLException if it cannot be opened or created now
   * @throws IOException if its folder cannot be read or written
   */
  RowWriter open() throws SQLException, IOException {
    RowSeal seal = RowSeal.of(folder);
    if (!Files.exists(folder.resolve(Database.FILE), LinkOption.NOFOLLOW_LINKS)) {
      return RowSeal.isSettled(folder)
          ? replace("the file is missing")
          : create(seal, "first start");
    }
    try {
      RowWriter writer = new RowWriter(Database.open(folder, seal));
      RowSeal.settle(folder);
      return writer;
    } catch (Database.Damaged e) {
      return replace(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Sets the database damaged, which must not be open, and creates a new one.
   *
   * @param why the damage
   */
  RowWriter replace(String why) throws SQLException, IOException {
    LOG.error(
        "the database in {} is damaged or missing ({}); setting it aside and creating a new one",
        folder,
        why);
    mayHaveDamaged = true;
    DamagedFiles.setAside(folder, clock.instant());
    return create(RowSeal.of(folder), "the previous one was damaged: " + HostText.of(why));
  }

  /**
   * The names of the damaged files. Without any the folder is not read again, since only this
   * process sets files damaged.
   */
  List<String> damaged() {
    if (mayHaveDamaged) {
      try {
        damaged = DamagedFiles.names(folder);
        mayHaveDamaged = !damaged.isEmpty();
      } catch (IOException unreadable) {
        damaged = List.of();
      }
    }
    return damaged;
  }

  /** Remembers the files of the database that is open and was read. */
  void opened() throws IOException {
    files = DatabaseFiles.in(folder);
  }

  /** The change of the open files by somebody else; {@code null} if none is known. */
  @Nullable String change() {
    return files.change(folder);
  }

  private RowWriter create(RowSeal seal, String why) throws SQLException, IOException {
    Instant now = clock.instant();
    Sql sql = Database.create(folder, seal, made -> new AuditLog(made).start(now, why));
    RowWriter writer = new RowWriter(sql);
    RowSeal.settle(folder);
    return writer;
  }
}
