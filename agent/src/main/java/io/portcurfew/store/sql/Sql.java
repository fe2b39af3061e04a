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

/** One connection to a database file, on which every row is sealed. */
public final class Sql implements AutoCloseable {

  /** SQLITE_OPEN_READONLY (sqlite3.h). */
  private static final String READ_ONLY = "1";

  private final Connection connection;
  private final RowSeal seal;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** Takes the rows of an answer one by one. */
  public interface Reader {
    void row(Row row) throws SQLException;
  }

  /** What is done as a whole or not at all. */
  public interface Work {
    void run() throws SQLException;
  }

  /** What is read as it stands at one moment. */
  public interface Asking<T> {
    T run() throws SQLException;
  }

  /** A row is not as this agent wrote it. */
  public static final class BadSeal extends SQLException {
    private static final long serialVersionUID = 1L;

    public BadSeal(String message) {
      super(message);
    }
  }

  /**
   * Opens a file, which is made where there is none.
   *
   * @throws SQLException where it cannot be opened, also where the library of SQLite cannot
   */
  public Sql(Path file, RowSeal seal) throws SQLException {
    this(file, seal, new Properties());
  }

  /** Opens a file that is there, to read it only. */
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
      throw new SQLException("the library of SQLite cannot be loaded: " + noLibrary, noLibrary);
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

  public void put(Table table, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(table.put());
    set(statement, values);
    statement.setBytes(values.length + 1, seal.of(table.name(), values));
    statement.executeUpdate();
  }

  public int change(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    set(statement, values);
    return statement.executeUpdate();
  }

  /**
   * Reads rows.
   *
   * @param where what follows the name of the table
   * @throws BadSeal at the first row whose seal is wrong
   */
  public void each(Table table, String where, Reader reader, @Nullable Object... values)
      throws SQLException {
    PreparedStatement statement = prepare(table.select() + " " + where);
    set(statement, values);
    try (ResultSet answer = statement.executeQuery()) {
      while (answer.next()) {
        reader.row(row(table, answer));
      }
    }
  }

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
    byte[] told = answer.getBytes(values.length + 1);
    if (!Arrays.equals(told, seal.of(table.name(), values))) {
      throw new BadSeal("a row of " + table + " has a wrong seal");
    }
    return new Row(Arrays.asList(values));
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }

  /** The first value of the first row, which is a whole number; 0 where there is none. */
  public long number(String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = prepare(sql);
    set(statement, values);
    try (ResultSet answer = statement.executeQuery()) {
      return answer.next() ? answer.getLong(1) : 0;
    }
  }

  /** The first column, as text. */
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

  /** Reads as if nobody wrote meanwhile. */
  public <T> T atOneMoment(Asking<T> asking) throws SQLException {
    run("BEGIN");
    try {
      return asking.run();
    } finally {
      run("COMMIT");
    }
  }

  /** Does it as a whole; where that fails, nothing has happened. */
  public void transaction(Work work) throws SQLException {
    run("BEGIN IMMEDIATE");
    boolean done = false;
    try {
      work.run();
      run("COMMIT");
      done = true;
    } finally {
      if (!done) {
        rollBack();
      }
    }
  }

  /**
   * SQLite has rolled back by itself after some faults, and then there is nothing to end. A
   * statement that failed may not be fit for use again, so all are made anew.
   */
  private void rollBack() {
    try {
      closeStatements();
      run("ROLLBACK");
    } catch (SQLException ended) {
      // What went wrong is told by the exception that led here.
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
