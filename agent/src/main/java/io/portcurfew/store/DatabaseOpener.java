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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database of a folder, whatever state it is in: one that is damaged or gone is set
 * aside, and a new one begun in its place.
 */
final class DatabaseOpener {

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final Path folder;
  private final InstantSource clock;
  private List<String> aside = List.of();
  private boolean mayBeAside = true;

  DatabaseOpener(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Opens the one that is there, or begins the first one.
   *
   * @throws SQLException where it cannot be opened or made now
   * @throws IOException where its folder cannot be read or written
   */
  RowWriter open() throws SQLException, IOException {
    RowSeal seal = RowSeal.of(folder);
    if (!Files.exists(folder.resolve(Database.FILE), LinkOption.NOFOLLOW_LINKS)) {
      return RowSeal.isSettled(folder) ? anew("it is gone") : create(seal, "first start");
    }
    try {
      RowWriter records = new RowWriter(Database.open(folder, seal));
      RowSeal.settle(folder);
      return records;
    } catch (Database.Damaged e) {
      return anew(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Sets aside what is there, which nobody has open, and begins a new one.
   *
   * @param why what is wrong with the one that is there
   */
  RowWriter anew(String why) throws SQLException, IOException {
    LOG.error(
        "the database in {} is damaged ({}): it is set aside, and a new one is begun", folder, why);
    mayBeAside = true;
    DamagedFiles.now(folder, clock.instant());
    return create(RowSeal.of(folder), "the one before was damaged: " + HostText.of(why));
  }

  /**
   * The damaged files that are still there. Where there are none, nobody else sets one aside, so
   * the folder is not looked at again.
   */
  List<String> aside() {
    if (mayBeAside) {
      try {
        aside = DamagedFiles.names(folder);
        mayBeAside = !aside.isEmpty();
      } catch (IOException unreadable) {
        aside = List.of();
      }
    }
    return aside;
  }

  private RowWriter create(RowSeal seal, String why) throws SQLException, IOException {
    Instant now = clock.instant();
    Sql sql = Database.create(folder, seal, made -> new AuditLog(made).begin(now, why));
    RowWriter records = new RowWriter(sql);
    RowSeal.settle(folder);
    return records;
  }
}
