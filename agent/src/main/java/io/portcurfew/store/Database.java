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
import java.util.List;
import java.util.Set;

/** Opens the database file: makes it, brings it up to date, and finds out where it is damaged. */
final class Database {

  static final String FILE = "portcurfew.db";

  /** The number of the last file of migrations. */
  private static final int VERSION = 1;

  private static final int READ_ONLY = 8;
  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;

  /** By https://www.sqlite.org/rescode.html: ERROR (no such table), CORRUPT, MISMATCH, NOTADB. */
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

  /** The file is not what this agent wrote; the message says why. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /** Writes what a new file holds from the beginning. */
  interface First {
    void write(Sql sql) throws SQLException;
  }

  private Database() {}

  /** Whether this fault says that what is in the file is damaged. */
  static boolean isDamage(SQLException fault) {
    return fault instanceof Sql.BadSeal
        || fault.getErrorCode() == CORRUPT
        || fault.getErrorCode() == NOT_A_DATABASE;
  }

  /**
   * Makes the file; it is in its place only when it is whole.
   *
   * @param first what is in it from the beginning
   * @throws SQLException where it cannot be made
   */
  static Sql create(Path folder, RowSeal seal, First first) throws SQLException, IOException {
    Path made = folder.resolve(FILE + ".new");
    Files.deleteIfExists(made);
    Files.createFile(made, OwnerOnly.attributes(made));
    try (Sql sql = new Sql(made, seal)) {
      migrate(sql, 0);
      sql.transaction(() -> first.write(sql));
    }
    Files.move(made, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    force(folder);
    Sql sql = new Sql(folder.resolve(FILE), seal);
    sql.run(SETTINGS);
    return sql;
  }

  /** So that the new name outlives a power cut. */
  private static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Opens a file that an agent has made and may have open too.
   *
   * @throws SQLException where it cannot be opened, or is of another version
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
    throw new SQLException("the database is of another version of portcurfew");
  }

  /**
   * Opens the file and looks at all of it.
   *
   * @throws Damaged where it is not as this agent left it
   * @throws SQLException where it cannot be opened or written
   */
  static Sql open(Path folder, RowSeal seal) throws Damaged, SQLException, IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Damaged("it is no regular file");
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
    } catch (IllegalArgumentException | ClassCastException | ArithmeticException e) {
      throw new Damaged("a row cannot be read: " + e.getMessage());
    } finally {
      if (!good) {
        sql.close();
      }
    }
  }

  /**
   * A version in its header that SQLite does not know makes a file that can be written read-only.
   */
  private static boolean isReadOnly(SQLException e, Path file) {
    return e.getErrorCode() == READ_ONLY && Files.isWritable(file);
  }

  private static long check(Sql sql) throws SQLException, Damaged {
    long version = sql.number("PRAGMA user_version");
    if (version < 1 || version > VERSION) {
      throw new Damaged("it is of version " + version + " and not 1 to " + VERSION);
    }
    // Not quick_check, which does not compare the indexes with their tables.
    List<String> said = sql.texts("PRAGMA integrity_check(1)");
    if (!said.equals(List.of("ok"))) {
      throw new Damaged(String.join("; ", said));
    }
    for (Table table : Table.values()) {
      if (table != Table.CHAIN) {
        sql.each(table, "", row -> {});
      }
    }
    VerificationResult proof = AuditLogCheck.of(sql, null);
    if (proof.broken() != null) {
      throw new Damaged("its log: " + proof.broken());
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
