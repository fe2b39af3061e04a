package io.portcurfew.store.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** One connection to a database file with sealed rows. */
public final class Sql implements AutoCloseable {

  /** SQLITE_OPEN_READONLY (sqlite3.h). */
  private static final String READ_ONLY = "1";

  private final Connection connection;
  private final RowSeal seal;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** Receives the rows of a result one by one. */
  public interface Reader {
    /** Receives one row. */
    void row(Row row) throws SQLException;
  }

  /** Changes that are made together or not at all. */
  public interface Transaction {
    /** Makes the changes. */
    void run() throws SQLException;
  }

  /** A read of one consistent state. */
  public interface Query<T> {
    /** Reads. */
    T run() throws SQLException;
  }

  /** A row has a wrong seal: the agent did not write it so. */
  public static final class BadSeal extends SQLException {
    private static final long serialVersionUID = 1L;

    /** With the table of the row in the message. */
    public BadSeal(String message) {
      super(message);
    }
  }

  /**
   * Opens a file, or creates it.
   *
   * @throws SQLException if the file or the library of SQLite cannot be opened
   */
  public Sql(Path file, RowSeal seal) throws SQLException {
    this(file, seal, new Properties());
  }

  /** Opens an existing file read-only. */
  public static Sql readOnly(Path file, RowSeal seal) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty(SQLiteConfig.Pragma.OPEN_MODE.pragmaName, READ_ONLY);
    Sql sql = new Sql(file, seal, settings);
    sql.run("PRAGMA busy_timeout = 5000", "PRAGMA trusted_schema = OFF");
    return sql;
  }

  private Sql(Path file, RowSeal seal, Properties settings) throws SQLException {
    this.seal = seal;
    Connection opened = null;
    try {
      opened = JDBC.createConnection(JDBC.PREFIX + file, settings);
    } catch (LinkageError noLibrary) {
      throw new SQLException(
          "cannot load the library of SQLite: " + noLibrary.getMessage(), noLibrary);
    }
    if (opened == null) {
      throw new SQLException("not a database: " + file);
    }
    this.connection = opened;
  }

  /** Runs statements that have no arguments. */
  public void run(String... statements) throws SQLException {
    for (String statement : statements) {
      try (Statement plain = connection.createStatement()) {
        plain.execute(statement);
      }
    }
  }

  /** Writes a row and its seal, replacing the row with the same key. */
  public void put(Table table, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(table.put());
    set(statement, values);
    statement.setBytes(values.length + 1, seal.of(table.name(), values));
    statement.executeUpdate();
  }

  /** Runs a statement that changes rows; returns their number. */
  public int change(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    set(statement, values);
    return statement.executeUpdate();
  }

  /**
   * Reads rows.
   *
   * @param where the clauses after the name of the table
   * @throws BadSeal at the first row whose seal is wrong
   */
  public void each(Table table, String where, Reader reader, @Nullable Object... values)
      throws SQLException {
    String sql = table.select() + " " + where;
    query(
        sql,
        answer -> {
          while (answer.next()) {
            reader.row(row(table, answer));
          }
          return true;
        },
        values);
  }

  /** Takes from the rows of a statement what it needs. */
  private interface AnswerReader<T> {
    T of(ResultSet answer) throws SQLException;
  }

  /** A statement that failed may not be usable again, so it is prepared again the next time. */
  private <T> T query(String sql, AnswerReader<T> result, @Nullable Object... values)
      throws SQLException {
    PreparedStatement statement = prepare(sql);
    boolean done = false;
    try {
      set(statement, values);
      try (ResultSet answer = statement.executeQuery()) {
        T taken = result.of(answer);
        done = true;
        return taken;
      }
    } finally {
      if (!done) {
        prepared.remove(sql);
        statement.close();
      }
    }
  }

  /** Reads the first row, if there is one. */
  public Optional<Row> one(Table table, String where, @Nullable Object... values)
      throws SQLException {
    Row[] found = new Row[1];
    each(table, where + " LIMIT 1", row -> found[0] = row, values);
    return Optional.ofNullable(found[0]);
  }

  private Row row(Table table, ResultSet answer) throws SQLException {
    @Nullable Object[] values = new @Nullable Object[table.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = plain(answer.getObject(i + 1));
    }
    byte[] stored = answer.getBytes(values.length + 1);
    if (!Arrays.equals(stored, seal.of(table.name(), values))) {
      throw new BadSeal("a row of " + table + " has a wrong seal");
    }
    return new Row(Arrays.asList(values));
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  /** The first value of the first row, an integer; 0 without rows. */
  public long number(String sql, @Nullable Object... values) throws SQLException {
    return query(sql, answer -> answer.next() ? answer.getLong(1) : 0L, values);
  }

  /** The first column as text. */
  public List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement plain = connection.createStatement();
        ResultSet answer = plain.executeQuery(sql)) {
      while (answer.next()) {
        texts.add(String.valueOf(answer.getString(1)));
      }
    }
    return texts;
  }

  /** Reads in one transaction, without changes by others meanwhile. */
  public <T> T read(Query<T> query) throws SQLException {
    run("BEGIN");
    try {
      return query.run();
    } finally {
      run("COMMIT");
    }
  }

  /** Runs the changes in one transaction; a failure undoes all of them. */
  public void transaction(Transaction changes) throws SQLException {
    run("BEGIN IMMEDIATE");
    boolean done = false;
    try {
      changes.run();
      run("COMMIT");
      done = true;
    } finally {
      if (!done) {
        rollBack();
      }
    }
  }

  /**
   * SQLite rolls back by itself after some errors, and then there is nothing to end. A failed
   * statement may not be usable again, so all statements are prepared again.
   */
  private void rollBack() {
    try {
      closeStatements();
      run("ROLLBACK");
    } catch (SQLException ended) {
      // The exception that led here has the cause.
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }

  private static void set(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  private void closeStatements() throws SQLException {
    List<PreparedStatement> all = List.copyOf(prepared.values());
    prepared.clear();
    for (PreparedStatement statement : all) {
      statement.close();
    }
  }

  @Override
  public void close() throws SQLException {
    closeStatements();
    connection.close();
  }
}
