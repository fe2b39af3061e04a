package io.portcurfew.store;

import io.portcurfew.process.Ticker;
import io.portcurfew.store.audit.AuditLog;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.text.CountedNoun;
import java.io.IOException;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes changes to the database in order, each in one transaction. While the database cannot be
 * written, it keeps them in memory. Used under the lock of the {@link Store}.
 */
final class WriteQueue {

  /** The pause after a failure. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Store.class);

  private final DatabaseOpener opener;
  private final Ticker ticker;
  private final Deque<QueuedStep> queued = new ArrayDeque<>();
  private @Nullable RowWriter writer;
  // Reads the content of the database; null once it was read.
  private @Nullable Step unread;
  private int waiting;
  private long lost;
  private long missed;
  private boolean damaged;
  // True if the file may differ from the state in memory.
  private boolean stale;
  private @Nullable String why;
  private Duration retryAt;
  private volatile LogHead head = LogHead.NONE;
  private volatile StoreState state = new StoreState(null, 0, 0, List.of(), List.of());

  /** A read or write in one transaction. */
  interface Step {
    void run(RowWriter writer) throws SQLException;
  }

  private record QueuedStep(int changes, Step step) {}

  WriteQueue(DatabaseOpener opener, Ticker ticker) {
    this.opener = opener;
    this.ticker = ticker;
    this.retryAt = ticker.elapsed();
  }

  /**
   * Opens the database.
   *
   * @param reading reads its content, at the first time that it can be opened; called again if the
   *     content is damaged and a new database is created
   */
  void open(Step reading) {
    unread = reading;
    try {
      writer = opener.open();
      readOnce(writer);
      head = new AuditLog(writer.sql()).head();
      opener.opened();
    } catch (SQLException | IOException e) {
      failed(e);
    }
  }

  /** Reads the content, unless it was read before. */
  private void readOnce(RowWriter from) throws SQLException, IOException {
    Step reading = unread;
    if (reading != null) {
      readOrReplace(from, reading);
      unread = null;
    }
  }

  private void readOrReplace(RowWriter from, Step reading) throws SQLException, IOException {
    try {
      reading.run(from);
    } catch (SQLException | IllegalArgumentException | DateTimeException e) {
      if (!isDamage(e)) {
        throw e;
      }
      from.sql().close();
      writer = null;
      writer = opener.replace(String.valueOf(e.getMessage()));
      reading.run(writer);
    }
  }

  /** The head of the audit log as last written; readable without the lock. */
  LogHead head() {
    return head;
  }

  /** The number of changes lost since the last write. */
  long missed() {
    return missed;
  }

  /** The cause if nothing can be written; else {@code null}. */
  @Nullable String why() {
    return why;
  }

  /** True if no step waits in memory. */
  boolean isWritten() {
    return queued.isEmpty();
  }

  /** The state after the last write, without damage and refusals; readable without the lock. */
  StoreState state() {
    return state;
  }

  private void publish() {
    state = new StoreState(why, waiting, lost, List.of(), List.of());
  }

  /**
   * The open database.
   *
   * @throws SQLException if no database is open
   */
  RowWriter database() throws SQLException {
    if (writer == null) {
      throw new SQLException(why);
    }
    return writer;
  }

  /** True once the content of the database was read. */
  boolean isRead() {
    return unread == null;
  }

  /** Notes that a read failed; a damaged database is replaced at the next retry. */
  void unreadable(Exception fault) {
    if (isDamage(fault)) {
      damaged = true;
      failed(fault);
    }
  }

  private static boolean isDamage(Exception unreadable) {
    return !(unreadable instanceof SQLException fault) || Database.isDamage(fault);
  }

  /**
   * Writes a change, now or later.
   *
   * @param changes its size in memory
   * @param most the maximum of changes in memory, beyond which it is lost
   * @return true if it waits in memory
   */
  boolean write(int changes, int most, Step step) {
    if (why == null) {
      try {
        inTransaction(step);
        readHead();
        return false;
      } catch (SQLException e) {
        failed(e);
      }
    }
    if (waiting + changes > most) {
      lost += changes;
      missed += changes;
      publish();
      return false;
    }
    waiting += changes;
    queued.addLast(new QueuedStep(changes, step));
    publish();
    return true;
  }

  private void inTransaction(Step step) throws SQLException {
    RowWriter to = database();
    to.sql().transaction(() -> step.run(to));
  }

  /** After a commit: a failure here must not run the step again. */
  private void readHead() {
    try {
      written();
    } catch (SQLException e) {
      failed(e);
    }
  }

  /** Updates the head after a write of this process or another one. */
  void written() throws SQLException {
    head = new AuditLog(database().sql()).head();
  }

  private void failed(Exception fault) {
    if (why == null) {
      LOG.error("cannot write the database, keeping changes in memory: {}", fault.getMessage());
    }
    why = String.valueOf(fault.getMessage());
    damaged |= fault instanceof SQLException sql && Database.isDamage(sql);
    retryAt = ticker.elapsed().plus(RETRY_AFTER);
    publish();
  }

  /** True if the files of the database were removed or replaced; a retry creates a new one. */
  boolean isReplaced() {
    if (why == null) {
      noticeReplacedFiles();
      return why != null;
    }
    return false;
  }

  /** True if a retry is due. */
  boolean isDue() {
    return why != null && ticker.elapsed().compareTo(retryAt) >= 0;
  }

  /**
   * Tries to write the queued changes.
   *
   * @param latest brings the database up to date after lost changes
   */
  void recover(Step latest) {
    try {
      noticeReplacedFiles();
      reopen();
      inTransaction(to -> writeQueued(to, latest));
      if (stale) {
        opener.opened();
      }
      LOG.warn("the database can be written again; {} waited", CountedNoun.of(waiting, "change"));
      queued.clear();
      waiting = 0;
      missed = 0;
      why = null;
      damaged = false;
      stale = false;
      publish();
      readHead();
    } catch (SQLException | IOException e) {
      failed(e);
    } catch (IllegalArgumentException | DateTimeException unreadable) {
      damaged = true;
      failed(unreadable);
    }
  }

  /** Without this the changes would go on into a file that has no name any more. */
  private void noticeReplacedFiles() {
    String change = writer == null ? null : opener.change();
    if (change != null) {
      failed(new IOException(change));
      damaged = true;
    }
  }

  private void reopen() throws SQLException, IOException {
    if (damaged && writer != null) {
      writer.sql().close();
      writer = null;
      stale = true;
      writer = opener.replace(String.valueOf(why));
    } else if (writer == null) {
      stale = true;
      writer = opener.open();
    }
    stale |= unread != null;
    readOnce(database());
  }

  private void writeQueued(RowWriter to, Step latest) throws SQLException {
    for (QueuedStep one : queued) {
      one.step.run(to);
    }
    if (stale || missed > 0) {
      latest.run(to);
    }
  }

  void close() throws SQLException {
    if (waiting > 0) {
      LOG.error("{} could not be written into the database", CountedNoun.of(waiting, "change"));
    }
    if (writer != null) {
      writer.sql().close();
    }
  }
}
