package io.portcurfew.store;

import io.portcurfew.state.OwnerOnly;
import io.portcurfew.store.audit.AuditLogCheck;
import io.portcurfew.store.audit.VerificationResult;
import io.portcurfew.store.sql.RowSeal;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Set;

/** Opens the database file: creates it, migrates it and checks it for damage. */
final class Database {

  static final String FILE = "portcurfew.db";

  /** The number of the last migration. */
  private static final int VERSION = 1;

  private static final int READ_ONLY = 8;
  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;

  /**
   * Error codes of https://www.sqlite.org/rescode.html: ERROR (no such table), CORRUPT, MISMATCH,
   * NOTADB.
   */
  private static final Set<Integer> DAMAGE = Set.of(1, CORRUPT, 20, 24, NOT_A_DATABASE);

  /** Little memory, and every commit is on the disk when it returns. */
  private static final String[] SETTINGS = {
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -256",
    "PRAGMA mmap_size = 0",
    "PRAGMA journal_size_limit = 1048576",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON"
  };

  /** The file is damaged; the message has the cause. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /** Writes the initial content of a new file. */
  interface InitialContent {
    void write(Sql sql) throws SQLException;
  }

  private Database() {}

  /** True if this error means that the file is damaged. */
  static boolean isDamage(SQLException fault) {
    return fault instanceof Sql.BadSeal
        || fault.getErrorCode() == CORRUPT
        || fault.getErrorCode() == NOT_A_DATABASE;
  }

  /**
   * Creates the file; it gets its final name only when it is complete.
   *
   * @param first the initial content
   * @throws SQLException if it cannot be created
   */
  static Sql create(Path folder, RowSeal seal, InitialContent first)
      throws SQLException, IOException {
    Path created = folder.resolve(FILE + ".new");
    Files.deleteIfExists(created);
    Files.createFile(created, OwnerOnly.attributes(created));
    try (Sql sql = new Sql(created, seal)) {
      migrate(sql, 0);
      sql.transaction(() -> first.write(sql));
    }
    Files.move(created, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    force(folder);
    Sql sql = new Sql(folder.resolve(FILE), seal);
    sql.run(SETTINGS);
    return sql;
  }

  /** Syncs the folder, so that the new name survives a power cut. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Opens a file that an agent created and may have open.
   *
   * @throws SQLException if it cannot be opened or has another version
   */
  static Sql beside(Path folder, RowSeal seal) throws SQLException, IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(file.toString());
    }
    Sql sql = new Sql(file, seal);
    try {
      sql.run(SETTINGS);
      if (sql.number("PRAGMA user_version") == VERSION) {
        return sql;
      }
    } catch (SQLException e) {
      sql.close();
      throw e;
    }
    sql.close();
    throw new SQLException("the database was written by another version of portcurfew");
  }

  /**
   * Opens the file and checks all of it.
   *
   * @throws Damaged if it is not as an agent left it
   * @throws SQLException if it cannot be opened or written
   */
  static Sql open(Path folder, RowSeal seal) throws Damaged, SQLException, IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged("it is not a regular file");
    }
    if (Files.size(file) == 0) {
      throw new Damaged("it is empty");
    }
    Sql sql = new Sql(file, seal);
    boolean good = false;
    try {
      sql.run(SETTINGS);
      long version = check(sql);
      migrate(sql, Math.toIntExact(version));
      good = true;
      return sql;
    } catch (SQLException e) {
      if (e instanceof Sql.BadSeal || DAMAGE.contains(e.getErrorCode()) || isReadOnly(e, file)) {
        throw new Damaged(String.valueOf(e.getMessage()));
      }
      throw e;
    } catch (IllegalArgumentException
        | ClassCastException
        | ArithmeticException
        | DateTimeException e) {
      throw new Damaged("unreadable row: " + e.getMessage());
    } finally {
      if (!good) {
        sql.close();
      }
    }
  }

  /** SQLite opens a file read-only if it does not know the version in its header. */
  private static boolean isReadOnly(SQLException e, Path file) {
    return e.getErrorCode() == READ_ONLY && Files.isWritable(file);
  }

  private static long check(Sql sql) throws SQLException, Damaged {
    long version = sql.number("PRAGMA user_version");
    if (version < 1 || version > VERSION) {
      throw new Damaged("it has version " + version + ", not 1 to " + VERSION);
    }
    // quick_check would not compare the indexes with their tables.
    List<String> result = sql.texts("PRAGMA integrity_check(1)");
    if (!result.equals(List.of("ok"))) {
      throw new Damaged(String.join("; ", result));
    }
    for (Table table : Table.values()) {
      if (table != Table.CHAIN) {
        sql.each(table, "", row -> {});
      }
    }
    VerificationResult log = AuditLogCheck.of(sql, null);
    if (log.broken() != null) {
      throw new Damaged("its audit log: " + log.broken());
    }
    return version;
  }

  private static void migrate(Sql sql, int from) throws SQLException {
    for (int version = from + 1; version <= VERSION; version++) {
      String[] statements = statements(version);
      String done = "PRAGMA user_version = " + version;
      sql.transaction(
          () -> {
            sql.run(statements);
            sql.run(done);
          });
    }
  }

  private static String[] statements(int version) {
    try (InputStream in = Database.class.getResourceAsStream(version + ".sql")) {
      if (in == null) {
        throw new IllegalStateException("no migration " + version);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replaceAll("(?m)^--.*$|;\\s*\\z", "").strip().split(";\\s*", -1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
