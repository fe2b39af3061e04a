package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import io.portcurfew.observe.command.NetstatRows;
import io.portcurfew.observe.command.NetstatWindows;
import io.portcurfew.observe.command.SockstatJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds listeners that a capture may lack although all its rows were parsed. The options of the
 * command are unknown: {@code grep LISTEN} removes the header and UDP, and {@code -4} a family.
 */
final class CaptureDoubts {

  private static final Pattern NO_IPV6 =
      Pattern.compile("netstat: /proc/net/\\w+6: No such file.*");
  private static final Pattern CLOSED = Pattern.compile("\\s(?:tcp)\\w*\\s.*\\sCLOSED\\b");

  private static final Pattern LSOF_LISTENS = Pattern.compile("\\sTCP\\s.*\\(LISTEN\\b");
  private static final Pattern LSOF_STATE =
      Pattern.compile("\\sTCP\\s.*\\([A-Z][A-Z_0-9]{2,}\\b(?!=)");
  private static final Pattern LSOF_FIELD_LISTENS = Pattern.compile("^TST=LISTEN");
  private static final Pattern LSOF_FIELD_STATE = Pattern.compile("^TST=");

  private final Format format;
  private final List<String> lines;
  private final RowKinds kinds;

  private CaptureDoubts(Format format, List<String> lines) {
    this.format = format;
    this.lines = lines;
    this.kinds = RowKinds.of(format);
  }

  /**
   * Returns the doubts, each with the command to run.
   *
   * @param wide true if the text was in UTF-16: PowerShell saved the whole output, so a protocol or
   *     family without rows has no listeners
   */
  static List<String> of(Format format, List<String> lines, boolean wide) {
    CaptureDoubts doubts = new CaptureDoubts(format, lines);
    List<String> found = new ArrayList<>();
    boolean header = doubts.hasHeader();
    if (!header) {
      found.add(
          "it has no header, so it may be filtered: capture the whole output of " + doubts.run());
    }
    // Each file of /proc/net has a header, also without rows.
    boolean whole = wide && format != Format.PROC_NET;
    if (doubts.showsConnectionsAlone()) {
      found.add("no TCP socket in it listens: run " + doubts.run());
    }
    if (!(header && (whole || doubts.showsOtherStates()))) {
      doubts.protocols().forEach(found::add);
      doubts.families().forEach(found::add);
    }
    return found;
  }

  private String run() {
    return kinds.command();
  }

  /** True if there is a header, or the format has none. */
  private boolean hasHeader() {
    return format == Format.LSOF_FIELDS
        || format.isDocument()
        || (format == Format.SOCKSTAT && SockstatJson.looksLikeIt(lines))
        || lines.stream().anyMatch(line -> Header.is(format, line))
        || (format == Format.NETSTAT_WINDOWS && NetstatWindows.hasForeignHeader(lines));
  }

  /**
   * True if sockstat shows TCP sockets that do not listen: it ran without -l and shows everything.
   */
  private boolean showsOtherStates() {
    return format == Format.SOCKSTAT
        && lines.stream().anyMatch(line -> isRow(line) && CLOSED.matcher(line).find());
  }

  /** True if lsof shows TCP sockets of other states and none that listens. */
  private boolean showsConnectionsAlone() {
    Pattern listens = format == Format.LSOF ? LSOF_LISTENS : LSOF_FIELD_LISTENS;
    Pattern state = format == Format.LSOF ? LSOF_STATE : LSOF_FIELD_STATE;
    return (format == Format.LSOF || format == Format.LSOF_FIELDS) && has(state) && !has(listens);
  }

  private Stream<String> protocols() {
    return Stream.concat(missing("TCP", kinds.tcp()), missing("UDP", kinds.udp()));
  }

  /**
   * Returns the families without rows. Newer versions of ss do not show the family that was
   * requested with -4.
   */
  private Stream<String> families() {
    if (format == Format.SS || !has(kinds.tcp()) || !has(kinds.udp())) {
      return Stream.empty();
    }
    boolean hasNoIpv6 = lines.stream().anyMatch(line -> NO_IPV6.matcher(line).matches());
    Stream<String> ipv6 = hasNoIpv6 ? Stream.empty() : missing("IPv6", kinds.ipv6());
    return Stream.concat(missing("IPv4", kinds.ipv4()), ipv6);
  }

  private Stream<String> missing(String what, Pattern row) {
    return has(row) ? Stream.empty() : Stream.of("it has no rows of " + what + ": run " + run());
  }

  private boolean has(Pattern row) {
    return lines.stream().anyMatch(line -> isRow(line) && row.matcher(line).find());
  }

  private boolean isRow(String line) {
    return line.length() <= NetstatRows.LONGEST || format.isDocument();
  }
}
