package io.portcurfew.store.audit;

import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Goes through the log from its first entry on, and finds the first one that is not right. */
public final class AuditLogCheck {

  private final @Nullable LogHead told;
  private LogHead last;
  private @Nullable String broken;

  private AuditLogCheck(LogHead before, @Nullable LogHead told) {
    this.last = before;
    this.told = told;
  }

  /**
   * Checks the whole log.
   *
   * @param told an entry as it was told elsewhere; {@code null} where none is to be compared
   */
  public static VerificationResult of(Sql sql, @Nullable LogHead told) throws SQLException {
    AuditLog chain = new AuditLog(sql);
    try {
      return of(sql, chain.before(), chain.head(), told);
    } catch (Sql.BadSeal changed) {
      String what = "the marks of its beginning and its end are not as they were written";
      return new VerificationResult(1, LogHead.NONE, what);
    }
  }

  private static VerificationResult of(
      Sql sql, LogHead before, LogHead head, @Nullable LogHead told) throws SQLException {
    AuditLogCheck check = new AuditLogCheck(before, told);
    try {
      check.compare(before);
      sql.each(Table.CHAIN, "ORDER BY seq", check::entry);
    } catch (Sql.BadSeal changed) {
      check.breaks("entry " + (check.last.entry() + 1) + " is not as it was written");
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
      breaks("entry " + expected + " is missing");
    } else if (!next.hash().equals(row.text(4))) {
      breaks("entry " + expected + " is not as it was written");
    } else {
      last = next;
      compare(next);
    }
  }

  private void compare(LogHead next) {
    if (told != null && told.entry() == next.entry() && !told.equals(next)) {
      breaks("entry " + next.entry() + " is another one than was told elsewhere");
    }
  }

  private void end(LogHead before, LogHead head) {
    if (!head.equals(last)) {
      breaks("entry " + (last.entry() + 1) + " is missing, as the log goes to " + head.entry());
    }
    if (told != null && told.entry() > last.entry()) {
      breaks(
          "entry " + (last.entry() + 1) + " is missing: " + told.entry() + " was told elsewhere");
    }
    if (told != null && told.entry() < before.entry()) {
      breaks("entry " + told.entry() + " is too old to be compared: it is not kept any more");
    }
  }

  private void breaks(String what) {
    if (broken == null) {
      broken = what;
    }
  }
}
