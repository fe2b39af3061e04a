package io.portcurfew.store.audit;

import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Checks the log from its first entry on and finds the first wrong one. */
public final class AuditLogCheck {

  private final @Nullable LogHead copy;
  private LogHead last;
  private @Nullable String broken;

  private AuditLogCheck(LogHead before, @Nullable LogHead copy) {
    this.last = before;
    this.copy = copy;
  }

  /**
   * Checks the whole log.
   *
   * @param copy a head of the log that was kept elsewhere; {@code null} for none
   */
  public static VerificationResult of(Sql sql, @Nullable LogHead copy) throws SQLException {
    AuditLog chain = new AuditLog(sql);
    try {
      return of(sql, chain.before(), chain.head(), copy);
    } catch (Sql.BadSeal changed) {
      String what = "the marks of its start and end were changed";
      return new VerificationResult(1, LogHead.NONE, what);
    }
  }

  private static VerificationResult of(
      Sql sql, LogHead before, LogHead head, @Nullable LogHead copy) throws SQLException {
    AuditLogCheck check = new AuditLogCheck(before, copy);
    try {
      check.compare(before);
      sql.each(Table.CHAIN, "ORDER BY seq", check::entry);
    } catch (Sql.BadSeal changed) {
      check.fail("entry " + (check.last.entry() + 1) + " was changed");
    }
    check.end(before, head);
    return new VerificationResult(before.entry() + 1, check.last, check.broken);
  }

  private void entry(Row row) {
    if (broken != null) {
      return;
    }
    long expected = last.entry() + 1;
    LogHead next = AuditLog.after(last, row.number(1), row.text(2), row.text(3));
    if (row.number(0) != expected) {
      fail("entry " + expected + " is missing");
    } else if (!next.hash().equals(row.text(4))) {
      fail("entry " + expected + " was changed");
    } else {
      last = next;
      compare(next);
    }
  }

  private void compare(LogHead next) {
    if (copy != null && copy.entry() == next.entry() && !copy.equals(next)) {
      fail("entry " + next.entry() + " differs from the given head");
    }
  }

  private void end(LogHead before, LogHead head) {
    if (!head.equals(last)) {
      fail("entry " + (last.entry() + 1) + " is missing: the log ends at entry " + head.entry());
    }
    if (copy != null && copy.entry() > last.entry()) {
      fail("entry " + (last.entry() + 1) + " is missing: the given head is entry " + copy.entry());
    }
    if (copy != null && copy.entry() < before.entry()) {
      fail("entry " + copy.entry() + " is too old to compare: it was deleted");
    }
  }

  private void fail(String what) {
    if (broken == null) {
      broken = what;
    }
  }
}
