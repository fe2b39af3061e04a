package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import io.portcurfew.process.ByteText;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The columns after the state that name the process. They differ in almost every version of macOS,
 * so they come from the header. The positions of its words do not help: some headers are wider than
 * their rows.
 *
 * @param before the number of numeric columns between the state and the process; {@code null} if
 *     the header names no process
 * @param named true if the process is {@code name:pid} (macOS 26) and not a pid
 * @param effective true if the effective process follows in the same form
 * @param columns the number of columns after the state
 */
record MacosColumns(@Nullable Integer before, boolean named, boolean effective, int columns) {

  /** No header yet, or one without processes. */
  static final MacosColumns NONE = new MacosColumns(null, false, false, 0);

  /** The pid and the hexadecimal state of the socket after it; no name can follow. */
  private static final Pattern LAST_PROCESS =
      Pattern.compile("(?s)(.*):(\\d{1,10})\\s++[0-9a-f]{5}(?:\\s.*)?");

  private static final Pattern PROCESS = Pattern.compile("(?s)(.*):(\\d{1,10})(?:\\s.*)?");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  /** Returns the columns of a header. */
  static MacosColumns of(String header) {
    List<String> names = Arrays.asList(header.trim().split("\\s+"));
    int state = names.indexOf("(state)");
    int named = names.indexOf("process:pid");
    int pid = named < 0 ? names.indexOf("pid") : named;
    return state < 0 || pid < state
        ? NONE
        : new MacosColumns(
            pid - state - 1, named >= 0, names.contains("eprocess:epid"), names.size() - state - 1);
  }

  /**
   * True if a row has the columns of its header. The last one may be the pid, and a truncated pid
   * is another pid. Names may contain spaces, so a row may have more words. The header of some
   * versions names two columns that no row has.
   */
  boolean fills(String row) {
    return before == null || ByteText.words(row).size() >= Math.min(columns, before + 2);
  }

  /** Returns the owner of a row; empty if it is uncertain. */
  List<Owner> owners(String row) {
    if (before == null || !fills(row)) {
      return List.of();
    }
    String rest = row;
    for (int i = 0; i < before; i++) {
      if (!DIGITS.matcher(NetstatRows.firstWord(rest)).matches()) {
        return List.of();
      }
      rest = NetstatRows.afterFirstWord(rest);
    }
    return named ? named(rest) : plain(NetstatRows.firstWord(rest));
  }

  private static List<Owner> plain(String pid) {
    return DIGITS.matcher(pid).matches() ? NetstatRows.owner(pid, null) : List.of();
  }

  private List<Owner> named(String rest) {
    Matcher last = LAST_PROCESS.matcher(rest);
    if (!last.matches()) {
      return List.of();
    }
    return effective ? first(last.group(1)) : NetstatRows.owner(last.group(2), last.group(1));
  }

  /** Before a second process, a name with a colon and a number would look like a pid. */
  private static List<Owner> first(String both) {
    Matcher first = PROCESS.matcher(both);
    if (!first.matches() || PROCESS.matcher(first.group(1)).matches()) {
      return List.of();
    }
    return NetstatRows.owner(first.group(2), first.group(1));
  }
}
