package io.portcurfew.store.audit;

import io.portcurfew.store.sql.Row;
import io.portcurfew.store.sql.Sql;
import io.portcurfew.store.sql.Table;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Goes through the log from its first entry on, and finds the first one that is not right. */
public final class ChainCheck {

  private final @Nullable Head told;
  private Head last;
  private @Nullable String broken;

  private ChainCheck(Head before, @Nullable Head told) {
    this.last = before;
    this.told = told;
  }

  /**
   * Checks the whole log.
   *
   * @param told an entry as it was told elsewhere; {@code null} where none is to be compared
   */
  public static Proof of(Sql sql, @Nullable Head told) throws SQLException {
    Chain chain = new Chain(sql);
    try {
      return of(sql, chain.before(), chain.head(), told);
    } catch (Sql.BadSeal changed) {
      String what = "the marks of its beginning and its end are not as they were written";
      return new Proof(1, Head.NONE, what);
    }
  }

  private static Proof of(Sql sql, Head before, Head head, @Nullable Head told)
      throws SQLException {
    ChainCheck check = new ChainCheck(before, told);
    try {
      check.compare(before);
      sql.each(Table.CHAIN, "ORDER BY seq", check::entry);
    } catch (Sql.BadSeal changed) {
      check.breaks("entry " + (check.last.entry() + 1) + " is not as it was written");
    }
    check.end(before, head);
    return new Proof(before.entry() + 1, check.last, check.broken);
  }

  private void entry(Row row) {
    if (broken != null) {
      return;
    }
    long expected = last.entry() + 1;
    Head next = Chain.after(last, row.number(1), row.text(2), row.text(3));
    if (row.number(0) != expected) {
      breaks("entry " + expected + " is missing");
    } else if (!next.hash().equals(row.text(4))) {
      breaks("entry " + expected + " is not as it was written");
    } else {
      last = next;
      compare(next);
    }
  }

  private void compare(Head next) {
    if (told != null && told.entry() == next.entry() && !told.equals(next)) {
      breaks("entry " + next.entry() + " is another one than was told elsewhere");
    }
  }

  private void end(Head before, Head head) {
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
