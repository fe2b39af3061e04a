package io.portcurfew.observe.command;

import io.portcurfew.observe.Owner;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The column {@code PID/Program name} of Linux netstat. The pid comes before the first slash; the
 * name after it may contain more slashes and any other character.
 *
 * @param shown true if the column exists, also for {@code -}
 * @param owners empty if the column names no process
 */
record NetstatProgram(boolean shown, List<Owner> owners) {

  /** The length in the longest translation. */
  private static final int MOST_WORDS_OF_STATE = 3;

  /** PROGNAME_WIDTH of net-tools and of BusyBox: both truncate pid and name to it. */
  private static final int WIDTH = 20;

  /** The user and inode before it, printed with -e. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?s)(?:[^\\s/]++\\s++\\d++\\s++)?(\\d{1,10}+)/(.*)");

  /** The timer after it, printed with -o. */
  private static final Pattern TIMER =
      Pattern.compile(
          "(?:^|\\s)(?:off|on|keepalive|timewait|probe|unkn-\\d)\\s++\\([\\d./]*+\\)\\s*+\\z");

  /** A state in any language, user and inode, and the sign for no program. */
  private static final Pattern NO_PROGRAM =
      Pattern.compile(
          "(?:[^\\d\\s:/*.-][^\\s:/*.]{0,24}+\\s*+){0,3}?(?:[^\\s/:]{1,64}\\s++\\d{1,20}\\s*+)?(-?)");

  NetstatProgram {
    owners = List.copyOf(owners);
  }

  /**
   * Parses the columns after the addresses.
   *
   * @return empty if there is more text than a row has
   */
  static Optional<NetstatProgram> read(String columns) {
    String rest = TIMER.matcher(columns).replaceFirst("");
    String text = rest;
    for (int word = 0; word <= MOST_WORDS_OF_STATE; word++) {
      Matcher program = PROGRAM.matcher(text);
      if (program.matches()) {
        return read(program.group(1), NetstatRows.unpadded(program.group(2)));
      }
      text = NetstatRows.afterFirstWord(text);
    }
    Matcher none = NO_PROGRAM.matcher(NetstatRows.unpadded(rest));
    return none.matches()
        ? Optional.of(new NetstatProgram(!none.group(1).isEmpty(), List.of()))
        : Optional.empty();
  }

  private static Optional<NetstatProgram> read(String pid, String name) {
    // A continuation byte of UTF-8 is not a character: captures may be re-encoded.
    long length = name.chars().filter(c -> (c & 0xC0) != 0x80).count();
    return pid.length() + 1 + length > WIDTH
        ? Optional.empty()
        : Optional.of(new NetstatProgram(true, NetstatRows.owner(pid, name)));
  }
}
