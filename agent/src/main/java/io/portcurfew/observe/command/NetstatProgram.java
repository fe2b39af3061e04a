package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The column {@code PID/Program name} of Linux netstat. The pid is what stands before the first
 * slash; the name behind it may hold more of them, and anything else.
 */
final class NetstatProgram {

  /** In the longest translation. */
  private static final int MOST_WORDS_OF_STATE = 3;

  /** With -e, user and inode stand before it. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?s)(?:[^\\s/]++\\s++\\d++\\s++)?(\\d{1,10}+)/(.*)");

  /** What -o puts behind it. */
  private static final Pattern TIMER =
      Pattern.compile(
          "\\s(?:off|on|keepalive|timewait|probe|unkn-\\d)\\s++\\([\\d./]*+\\)\\s*+\\z");

  private NetstatProgram() {}

  /** The owner that the columns behind the addresses tell; none where they tell none. */
  static List<Owner> owners(String columns) {
    String text = TIMER.matcher(columns).replaceFirst("");
    for (int word = 0; word <= MOST_WORDS_OF_STATE; word++) {
      Matcher program = PROGRAM.matcher(text);
      if (program.matches()) {
        return NetstatRows.owner(program.group(1), program.group(2));
      }
      text = NetstatRows.afterFirstWord(text);
    }
    return List.of();
  }
}
