package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.ViewBuilder;
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

  private static final String SECOND_LINE =
      " will not be shown, you would have to be root to see it all.)";

  private NetstatMessages() {}

  /** Adds a gap for a message; any other line is a row that could not be parsed. */
  static void read(ViewBuilder view, String line) {
    if (line.startsWith("(") || line.equals(SECOND_LINE)) {
      // In every language, only the message about missing rights is in parentheses.
      view.gap(Gap.What.OWNERS, NetstatRows.NO_RIGHT);
    } else if (NO_IPV6.matcher(line).matches()) {
      view.gap(Gap.What.PROTOCOL, "that kernel has no IPv6");
    } else if (!ELSEWHERE.matcher(line).matches()) {
      view.unreadable("not a row of netstat", ByteText.raw(line));
    }
  }
}
