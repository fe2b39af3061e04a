package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.process.ByteText;
import java.util.regex.Pattern;

/** Messages of Linux netstat, on standard error or between the rows of a capture. */
final class NetstatMessages {

  /** A table that does not exist in a kernel without IPv6; no listener is missing. */
  private static final Pattern NO_IPV6 =
      Pattern.compile("netstat: /proc/net/\\w+6: No such file or directory");

  /** A message about the table of another kind of socket. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?:netstat: )?warning, got bogus (?:unix|raw6?|igmp6?) line\\.");

  /**
   * The message about missing rights, or its second line. In every language it is in parentheses,
   * and longer than the remark of a person. A row in the same line has a colon before a port.
   */
  private static final Pattern NO_RIGHT =
      Pattern.compile("(?:\\((?!\\d|.*:[\\d*]).{40,300}|[^\\d:*]{10,200}\\.\\)\\s*+)");

  private NetstatMessages() {}

  /** Adds a gap for a message; any other line is a row that could not be parsed. */
  static void read(ViewBuilder view, String line) {
    if (NO_RIGHT.matcher(line).matches()) {
      view.gap(Gap.What.OWNERS, NetstatRows.NO_RIGHT);
    } else if (NO_IPV6.matcher(line).matches()) {
      view.gap(Gap.What.PROTOCOL, "that kernel has no IPv6");
    } else if (!ELSEWHERE.matcher(line).matches()) {
      view.unreadable("not a row of netstat", ByteText.raw(line));
    }
  }
}
