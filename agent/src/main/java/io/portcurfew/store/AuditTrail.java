package io.portcurfew.store;

import io.portcurfew.store.audit.AuditLog;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds entries other than alerts to the audit log of a {@link Store}. Thread-safe. */
public final class AuditTrail {

  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

  private final Object store;
  private final WriteQueue queue;
  private final InstantSource clock;

  /**
   * Shares the database of a store.
   *
   * @param store the lock for the queue
   */
  AuditTrail(Object store, WriteQueue queue, InstantSource clock) {
    this.store = store;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Adds an entry.
   *
   * @param what the kind of entry, one word
   * @param details strings, numbers, booleans and lists of them, by name
   */
  public void enter(String what, Map<String, ?> details) {
    Instant at = clock.instant();
    AuditLog.Entry entry = new AuditLog.Entry(what, details);
    synchronized (store) {
      queue.write(1, Store.MOST, to -> new AuditLog(to.sql()).add(at, List.of(entry)));
    }
  }

  /**
   * Records the start of an agent.
   *
   * @param details as for {@link #enter}
   * @return true if the previous agent stopped in an orderly way, or there was none, or its end is
   *     unknown
   */
  public boolean start(Map<String, ?> details) {
    synchronized (store) {
      boolean inOrder = wasStopped();
      enter(AuditLog.START, details);
      return inOrder;
    }
  }

  private boolean wasStopped() {
    try {
      return queue.database().reader().wasStopped();
    } catch (SQLException e) {
      LOG.error("cannot read the end of the previous agent: {}", e.getMessage());
      return true;
    }
  }

  /** Records within a transaction that changes were lost. */
  static void missed(RowWriter to, long changes, Instant at) throws SQLException {
    AuditLog.Entry entry = new AuditLog.Entry("missed", Map.of("changes", changes));
    new AuditLog(to.sql()).add(at, List.of(entry));
  }

  /** Records an orderly stop. */
  public void stop() {
    enter(AuditLog.STOP, Map.of());
  }
}
