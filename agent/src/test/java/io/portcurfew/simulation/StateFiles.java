package io.portcurfew.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What happens to the state folder of an agent from outside. */
final class StateFiles {

  private static final String DATABASE = "portcurfew.db";

  /** The tables that an agent writes. */
  private static final List<String> READ_ONLY =
      List.of(
          "life", "body", "alert", "notification", "delivery", "tally", "sight", "chain", "mark");

  private static final List<String> CHANGES = List.of("INSERT", "UPDATE", "DELETE");

  /** In real time, since SQLite waits for a lock in real time. */
  private static final Duration MOMENT = Duration.ofMillis(20);

  private StateFiles() {}

  static Path create(Path folder) {
    try {
      return Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies the folder as a killed agent leaves it; by chance with a frame that it began to write.
   */
  static Path copyAfterKill(Path from, Path to, Random random) {
    create(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        if (Files.isRegularFile(file)) {
          Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
      Path log = to.resolve(DATABASE + "-wal");
      if (Files.exists(log) && random.nextInt(3) == 0) {
        byte[] torn = new byte[random.nextInt(5_000)];
        random.nextBytes(torn);
        Files.write(log, torn, StandardOpenOption.APPEND);
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (Files.isDirectory(file)) {
          delete(file);
        } else {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean hasDatabase(Path folder) {
    return Files.exists(folder.resolve(DATABASE));
  }

  static void removeDatabase(Path folder) {
    try {
      for (String part : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(folder.resolve(DATABASE + part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes SQLite fail to open the database: the name of its log is that of a folder. */
  static void block(Path folder) {
    try {
      Path log = folder.resolve(DATABASE + "-wal");
      Files.deleteIfExists(log);
      Files.createDirectory(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void unblock(Path folder) {
    try {
      Path log = folder.resolve(DATABASE + "-wal");
      if (Files.isDirectory(log)) {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes every write of one table fail, as a full disk does after some pages. */
  static void refuseWrites(Path folder, Random random) {
    List<String> tables = List.of("chain", "alert", "delivery", "sight");
    int which = random.nextInt(tables.size() + 1);
    if (which < tables.size()) {
      refuseWrites(folder, tables.get(which));
    } else {
      READ_ONLY.forEach(table -> refuseChanges(folder, table));
    }
  }

  /** Makes every change of one table fail, as on a file system that became read-only. */
  private static void refuseChanges(Path folder, String table) {
    for (String change : CHANGES) {
      refuse(folder, table, change, "attempt to write a readonly database");
    }
  }

  static void refuseWrites(Path folder, String table) {
    refuse(folder, table, "INSERT", "database or disk is full");
  }

  private static void refuse(Path folder, String table, String change, String why) {
    run(
        folder,
        "CREATE TRIGGER IF NOT EXISTS refuse_%s_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, '%s'); END"
            .formatted(change, table, change, table, why));
  }

  static void allowWrites(Path folder) {
    for (String table : READ_ONLY) {
      for (String change : CHANGES) {
        run(folder, "DROP TRIGGER IF EXISTS refuse_" + change + "_" + table);
      }
    }
  }

  /**
   * Makes every read of a notification fail while writes work, as a bad block of a disk does: a
   * view that computes a wrong number takes the place of the table.
   */
  static void failReads(Path folder) {
    String columns = "seq, id, reason, host, policy, made, lived, body, seal";
    run(folder, "ALTER TABLE notification RENAME TO notification_kept");
    run(
        folder,
        "CREATE VIEW notification AS SELECT "
            + columns.replace("host", "abs(-9223372036854775807 - 1) AS host")
            + " FROM notification_kept");
    run(
        folder,
        "CREATE TRIGGER keep_notification INSTEAD OF INSERT ON notification BEGIN"
            + " INSERT OR REPLACE INTO notification_kept VALUES (NEW."
            + columns.replace(", ", ", NEW.")
            + "); END");
  }

  static void allowReads(Path folder) {
    run(folder, "DROP VIEW notification");
    run(folder, "ALTER TABLE notification_kept RENAME TO notification");
  }

  /** Runs this while another process holds the write lock of the database. */
  static void whileLocked(Path folder, Runnable work) {
    try (Connection lock = lock(folder)) {
      work.run();
      lock.rollback();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection lock(Path folder) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(DATABASE));
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM life WHERE id = -1");
    }
    return connection;
  }

  /** Holds it for a few real milliseconds: the agent waits without noticing. */
  static void lockForAMoment(Path folder) {
    Connection lock;
    try {
      lock = lock(folder);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Thread holder = new Thread(() -> releaseLater(lock), "simulated-lock");
    holder.setDaemon(true);
    holder.start();
  }

  private static void releaseLater(Connection lock) {
    LockSupport.parkNanos(MOMENT.toNanos());
    try {
      lock.rollback();
      lock.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(Path folder, String sql) {
    Path file = folder.resolve(DATABASE);
    if (!Files.exists(file) || Files.isDirectory(folder.resolve(DATABASE + "-wal"))) {
      return;
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
