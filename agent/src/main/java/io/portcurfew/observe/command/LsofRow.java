package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A socket of the columns of lsof. It is kept until all rows are read, because only the other rows
 * show that one is truncated.
 *
 * @param ended true if something follows the address: a state, queues, a space
 * @param line the row as printed
 */
record LsofRow(LsofFile file, List<Owner> owners, boolean ended, String line) {

  private static final Pattern ANOTHER =
      Pattern.compile("\\s\\d{1,10}\\s+\\S+\\s+\\*?\\d+[a-zA-Z]*\\s+IPv[46]\\s|COMMAND\\s+PID");

  LsofRow {
    owners = List.copyOf(owners);
  }

  /** True if the text after a file may be a second row. */
  static boolean mayHoldAnother(String rest) {
    return ANOTHER.matcher(rest).find();
  }

  /**
   * Adds all rows. TCP without the text that other TCP rows have after the address is truncated;
   * the same holds for UDP. So is a row without that text whose line and another are the longest,
   * because {@code cut -c} and the width of a terminal truncate several lines to one length.
   */
  static void addAll(ViewBuilder view, List<LsofRow> rows) {
    boolean states = rows.stream().anyMatch(row -> row.isTcp() && row.file.state() != null);
    boolean ends = any(rows, row -> row.isTcp() && row.ended && !row.line.endsWith(" "));
    boolean blanks = any(rows, row -> !row.isTcp() && row.ended);
    int longest = rows.stream().mapToInt(row -> row.line.length()).max().orElse(0);
    boolean several = rows.stream().filter(row -> row.line.length() == longest).count() > 1;
    for (LsofRow row : rows) {
      boolean atTheEdge = several && row.line.length() == longest && !row.ended;
      boolean whole =
          row.isTcp()
              ? (!states || row.file.state() != null) && (!ends || row.ended)
              : !blanks || row.ended;
      if (whole && !atTheEdge) {
        row.file.addTo(view, row.owners, ByteText.raw(row.line));
      } else {
        view.unreadable(
            "it ends before other rows do, so it may be truncated", ByteText.raw(row.line));
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
