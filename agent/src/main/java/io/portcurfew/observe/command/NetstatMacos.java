package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses {@code netstat -an} of macOS, with or without {@code -v}, {@code -b} and {@code -l}, and
 * of the BSDs. NetBSD and OpenBSD print {@code tcp} for IPv4 alone.
 *
 * <p>Hosts are truncated to 16 characters without {@code -l}; ports are complete. {@code -v} prints
 * the pid of the last process that used the socket ({@code so_last_pid} in {@code inet.c} of
 * Apple). Usually that process opened it, and there is never more than one.
 */
public final class NetstatMacos implements Parser {

  private static final int CUT_HOST = 16;

  private static final Pattern ROW =
      Pattern.compile(
          "(?s)((?:tcp|udp)(4|6|46)?)\\s++\\d++\\s++\\d++\\s++(\\S++)\\s++(\\S++)(\\s.*)?");
  private static final Pattern ROW_OF_A =
      Pattern.compile(
          "(?s)[0-9a-f]{8,16}+\\s++(?:[0-9a-f]{8,16}+\\s++)?(?:tcp|udp)(?:4|6|46)\\s.*");
  private static final Pattern NOT_A_PORT =
      Pattern.compile("(?s)(?:icm|ip|igmp|div|raw|esp)\\w*+\\s++\\d++\\s++\\d++\\s.*");
  private static final Pattern TITLE =
      Pattern.compile(
          "Active\\s++Internet6?\\s++connections(?:\\s++\\(including\\s++servers\\))?\\s*+");

  /** Titles of the tables after those of the internet. */
  private static final Pattern TITLE_ELSEWHERE =
      Pattern.compile(
          "(?:Active (?:LOCAL \\(UNIX\\) domain|UNIX domain|kernel event|kernel control) sockets"
              + "|Active Multipath Internet connections|Registered kernel control modules)\\s*+");

  /** Headers and rows of those tables: an address or a number comes first. */
  private static final Pattern ROW_ELSEWHERE =
      Pattern.compile(
          "(?s)(?:(?:Proto|Proto/ID|Address|\\s*id)\\s[^\\d*]*+|(?:kctl|kevt)\\s++\\d.*"
              + "|\\s*+[0-9a-f]{1,16}\\s.*|\\s{8,}+\\S.*)");

  private static final Pattern GLUED =
      Pattern.compile(
          "(?:tcp|udp)(?:4|6|46)?\\s++\\d++\\s++\\d++\\s++[^\\s.]*+\\.\\S*+\\s++[^\\s.]*+\\.\\S");

  /** States of a socket that does not listen; a number is a state without a name (tcp_fsm.h). */
  private static final Pattern OTHER_STATE =
      Pattern.compile(
          "CLOSED|SYN_SENT|SYN_RCVD|ESTABLISHED|CLOSE_WAIT|FIN_WAIT_[12]|CLOSING|LAST_ACK|TIME_WAIT"
              + "|\\d{1,2}");

  private static final Pattern FOOTER =
      Pattern.compile(
          "Some \\w++ sockets may have been (?:created or deleted|created|deleted)\\.?");

  @Override
  public View parse(String source, byte[] output) {
    MacosRows reading = new MacosRows(new ViewBuilder(source));
    ByteText.lines(output).forEach(reading::line);
    return reading.view.build(true);
  }

  /** The state of one parse: the last header defines the columns below it. */
  private static final class MacosRows {

    private final ViewBuilder view;
    private MacosColumns columns = MacosColumns.NONE;
    private boolean elsewhere;

    MacosRows(ViewBuilder view) {
      this.view = view;
    }

    void line(String line) {
      Matcher row = ROW.matcher(line);
      if (line.isBlank()) {
        return;
      }
      if (line.length() > NetstatRows.LONGEST) {
        view.unreadable("too long for a row", ByteText.raw(line));
      } else if (row.matches()) {
        row(row, line);
      } else if (ROW_OF_A.matcher(line).matches()) {
        view.unreadable(
            "printed with -A, which truncates ports: run it without -A", ByteText.raw(line));
      } else if (TITLE.matcher(line).matches() || TITLE_ELSEWHERE.matcher(line).matches()) {
        title(line);
      } else if (Header.is(Format.NETSTAT_MACOS, line)) {
        view.understood();
        columns = MacosColumns.of(line);
      } else {
        besidesRows(line);
      }
    }

    private void besidesRows(String line) {
      Matcher footer = FOOTER.matcher(line);
      if (footer.lookingAt()) {
        // Sockets changed while netstat read them. One form of this line has no line end.
        view.understood();
        line(line.substring(footer.end()));
      } else if (GLUED.matcher(line).find()) {
        view.unreadable("more than one row in a line", ByteText.raw(line));
      } else if (NOT_A_PORT.matcher(line).matches()
          || (elsewhere && ROW_ELSEWHERE.matcher(line).matches())) {
        view.understood();
      } else {
        view.unreadable("not a row of netstat", ByteText.raw(line));
      }
    }

    private void title(String line) {
      view.understood();
      elsewhere = !TITLE.matcher(line).matches();
      if (!elsewhere && line.indexOf("(including") < 0) {
        view.gap(Gap.What.LISTENERS, "taken without -a: it shows no listeners");
      }
    }

    private void row(Matcher row, String line) {
      Protocol protocol = NetstatRows.protocol(row.group(1));
      String rest = NetstatRows.unpadded(row.group(5));
      String state = protocol == Protocol.TCP ? NetstatRows.firstWord(rest) : "";
      String counters = protocol == Protocol.TCP ? NetstatRows.afterFirstWord(rest) : rest;
      boolean toNobody = row.group(4).equals("*.*");
      if (GLUED.matcher(rest).find() || rest.contains("Recv-Q")) {
        view.unreadable("more than one row in a line", ByteText.raw(line));
      } else if (!columns.fills(counters)) {
        view.unreadable("it ends before the columns of its header", ByteText.raw(line));
      }
      if (!NetstatRows.hasPort(row.group(4), '.')) {
        view.unreadable("no foreign address", ByteText.raw(line));
      } else if (protocol == Protocol.TCP && toNobody && state.isEmpty()) {
        view.unreadable("no state", ByteText.raw(line));
      } else if (protocol == Protocol.TCP ? state.equals("LISTEN") : toNobody) {
        String family = row.group(2) == null ? "4" : row.group(2);
        listener(protocol, family, row.group(3), columns.owners(counters), line);
      } else if (protocol == Protocol.TCP && !OTHER_STATE.matcher(state).matches()) {
        view.unreadable("unknown state", ByteText.raw(line));
      } else {
        view.understood();
      }
    }

    private void listener(
        Protocol protocol, String family, String word, List<Owner> owners, String line) {
      boolean wildcard6 = word.startsWith("*.") && !family.equals("4");
      Boolean dualStack = wildcard6 ? family.equals("46") : null;
      Function<HostPort, Optional<Address>> address = local -> address(family, local.host());
      NetstatRows.listener(view, protocol, word, '.', address, dualStack, owners, line);
    }

    private static Optional<Address> address(String family, @Nullable String host) {
      if (host == null) {
        return Optional.of(family.equals("4") ? Address.ANY_IPV4 : Address.ANY_IPV6);
      }
      if (family.equals("4")) {
        return Address.parse(host).filter(address -> !address.isIpv6());
      }
      if (host.length() != CUT_HOST || host.indexOf(':') < 0) {
        return Address.parse(host);
      }
      // A zone comes last, so only the zone can be truncated.
      int zone = host.indexOf('%');
      return zone < 0 ? Optional.of(Address.cutAt(host)) : Address.parse(host.substring(0, zone));
    }
  }
}
