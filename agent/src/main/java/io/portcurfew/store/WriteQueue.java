package io.portcurfew.store;

import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.LogHead;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens into the database, in order and each as one transaction. While it cannot, it
 * keeps that in memory and writes it when it can. Used under the lock of the {@link Store}.
 */
final class WriteQueue {

  /** How long after it failed the database is tried again. */
  static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final DatabaseOpener opening;
  private final Supplier<Duration> elapsed;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private @Nullable RowWriter records;
  private int waiting;
  private long lost;
  private long missed;
  private boolean damaged;
  // Whether the file may say other than what is known.
  private boolean stale;
  private @Nullable String why;
  private Duration tryAgain;
  private volatile LogHead head = LogHead.NONE;

  /** What is written or read as a whole. */
  interface Step {
    void run(RowWriter records) throws SQLException;
  }

  private record Kept(int changes, Step step) {}

  WriteQueue(DatabaseOpener opening, Supplier<Duration> elapsed) {
    this.opening = opening;
    this.elapsed = elapsed;
    this.tryAgain = elapsed.get();
  }

  /**
   * Opens the database.
   *
   * @param reading takes in what it says; twice, where what it says first cannot be believed and a
   *     new one is begun
   */
  void open(Step reading) {
    try {
      records = opening.open();
      readOrBeginAnew(records, reading);
      head = new AuditLog(records.sql()).head();
    } catch (SQLException | IOException e) {
      failed(e);
    }
  }

  private void readOrBeginAnew(RowWriter from, Step reading) throws SQLException, IOException {
    try {
      reading.run(from);
    } catch (SQLException | IllegalArgumentException e) {
      if (e instanceof SQLException fault && !Database.isDamage(fault)) {
        throw e;
      }
      from.sql().close();
      records = null;
      records = opening.anew(String.valueOf(e.getMessage()));
      reading.run(records);
    }
  }

  /** The end of the log as it was last written; may be asked without the lock. */
  LogHead head() {
    return head;
  }

  /** How many changes the database has missed since it was last written. */
  long missed() {
    return missed;
  }

  /** Why nothing can be written; {@code null} where it can. */
  @Nullable String why() {
    return why;
  }

  /** How many changes are kept in memory. */
  int waiting() {
    return waiting;
  }

  /** How many changes found no place there since the agent started. */
  long lost() {
    return lost;
  }

  /**
   * Where to read.
   *
   * @throws SQLException where no database is open
   */
  RowWriter there() throws SQLException {
    if (records == null) {
      throw new SQLException(why);
    }
    return records;
  }

  /**
   * Writes it, now or later.
   *
   * @param changes how much room it takes in memory
   * @param most where more would be kept, it is lost
   */
  void write(int changes, int most, Step step) {
    if (why == null) {
      try {
        inOne(step);
        return;
      } catch (SQLException e) {
        failed(e);
      }
    }
    if (waiting + changes > most) {
      lost += changes;
      missed += changes;
      return;
    }
    waiting += changes;
    kept.addLast(new Kept(changes, step));
  }

  private void inOne(Step step) throws SQLException {
    RowWriter to = there();
    to.sql().transaction(() -> step.run(to));
    written();
  }

  /** Something was written, by this process or by another one. */
  void written() throws SQLException {
    head = new AuditLog(there().sql()).head();
  }

  private void failed(Exception fault) {
    if (why == null) {
      LOG.error("the store cannot be written, changes are kept in memory: {}", fault.getMessage());
    }
    why = String.valueOf(fault.getMessage());
    damaged |= fault instanceof SQLException sql && Database.isDamage(sql);
    tryAgain = elapsed.get().plus(TRY_AGAIN);
  }

  /** Whether it is time to try again. */
  boolean isDue() {
    return why != null && elapsed.get().compareTo(tryAgain) >= 0;
  }

  /**
   * Tries to write what is kept.
   *
   * @param latest makes the database say what is known, where it missed something
   */
  void recover(Step latest) {
    try {
      reopen();
      inOne(to -> writeKept(to, latest));
      LOG.warn("the store can be written again: {} changes were kept", waiting);
      kept.clear();
      waiting = 0;
      missed = 0;
      why = null;
      damaged = false;
      stale = false;
    } catch (SQLException | IOException e) {
      failed(e);
    }
  }

  private void reopen() throws SQLException, IOException {
    if (damaged && records != null) {
      records.sql().close();
      records = null;
      stale = true;
      records = opening.anew(String.valueOf(why));
    } else if (records == null) {
      stale = true;
      records = opening.open();
    }
  }

  private void writeKept(RowWriter to, Step latest) throws SQLException {
    for (Kept one : kept) {
      one.step.run(to);
    }
    if (stale || missed > 0) {
      latest.run(to);
    }
  }

  void close() throws SQLException {
    if (waiting > 0) {
      LOG.error("the store could not be written: {} changes are lost", waiting);
    }
    if (records != null) {
      records.sql().close();
    }
  }
}
