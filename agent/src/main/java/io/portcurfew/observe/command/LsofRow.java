package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A socket of lsof's columns, until all of them are read: whether one is cut shows in what the
 * others have.
 *
 * @param ended whether something stands behind the address: a state, queues, a blank
 * @param line the row as it was printed
 */
record LsofRow(LsofFile file, List<Owner> owners, boolean ended, String line) {

  private static final Pattern ANOTHER =
      Pattern.compile("\\s\\d{1,10}\\s+\\S+\\s+\\*?\\d+[a-zA-Z]*\\s+IPv[46]\\s|COMMAND\\s+PID");

  LsofRow {
    owners = List.copyOf(owners);
  }

  /** Whether what stands behind a file may be a row of its own. */
  static boolean mayHoldAnother(String rest) {
    return ANOTHER.matcher(rest).find();
  }

  /** Tells them all; TCP without what other TCP has behind its address is cut, and so is UDP. */
  static void tell(ViewBuilder view, List<LsofRow> rows) {
    boolean states = rows.stream().anyMatch(row -> row.isTcp() && row.file.state() != null);
    boolean ends = any(rows, row -> row.isTcp() && row.ended && !row.line.endsWith(" "));
    boolean blanks = any(rows, row -> !row.isTcp() && row.ended);
    for (LsofRow row : rows) {
      boolean whole =
          row.isTcp()
              ? (!states || row.file.state() != null) && (!ends || row.ended)
              : !blanks || row.ended;
      if (whole) {
        row.file.tell(view, row.owners, ByteText.raw(row.line));
      } else {
        view.unreadable("it ends before other rows do, so it may be cut", ByteText.raw(row.line));
      }
    }
  }

  private static boolean any(List<LsofRow> rows, Predicate<LsofRow> fits) {
    return rows.stream().anyMatch(fits);
  }

  private boolean isTcp() {
    return "TCP".equals(file.node());
  }
}
