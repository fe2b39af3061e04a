package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import java.util.regex.Pattern;

/** What Linux netstat says besides its rows, on standard error or between them in a capture. */
final class NetstatMessages {

  /** A table that the kernel does not have because it has no IPv6: nothing is hidden by it. */
  private static final Pattern NO_IPV6 =
      Pattern.compile("netstat: /proc/net/\\w+6: No such file or directory");

  /** In the table of another kind of socket. */
  private static final Pattern ELSEWHERE =
      Pattern.compile("(?:netstat: )?warning, got bogus (?:unix|raw6?|igmp6?) line\\.");

  private static final String SECOND_LINE =
      " will not be shown, you would have to be root to see it all.)";

  private NetstatMessages() {}

  /** Adds what a line that is no row says; any other line is a row that could not be read. */
  static void read(ViewBuilder view, String line) {
    if (line.startsWith("(") || line.equals(SECOND_LINE)) {
      // Only the lack of rights is told in parentheses, in every language.
      view.gap(Gap.What.OWNERS, NetstatRows.NO_RIGHT);
    } else if (NO_IPV6.matcher(line).matches()) {
      view.gap(Gap.What.PROTOCOL, "that kernel has no IPv6");
    } else if (!ELSEWHERE.matcher(line).matches()) {
      view.unreadable("not a row of netstat", ByteText.raw(line));
    }
  }
}
