package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses {@code netstat -tulpn} of net-tools and of BusyBox, with or without {@code -a}, {@code
 * -e}, {@code -o} and {@code -W}.
 *
 * <p>The program name is the last column and a process can choose it, so everything before it is
 * parsed first and from the left. {@code -e} prints the user of the socket and not of the process,
 * so no owner has a user.
 */
public final class NetstatLinux implements Parser {

  /** Without -W net-tools prints 22 characters and a colon, and truncates the host. */
  private static final int CUT_WIDTH = 23;

  /** The minimum length of a row before the foreign address. */
  private static final int FOREIGN_COLUMN = 44;

  private static final Pattern ROW =
      Pattern.compile("(?s)((?:tcp|udp)6?)\\s++\\d++\\s++\\d++\\s++(\\S++)\\s++(\\S++)(\\s.*)?");
  private static final Pattern OTHER_TRANSPORT =
      Pattern.compile("(?s)(udpl|udplite|sctp|dccp|mptcp)6?\\s++\\d.*");
  private static final Pattern ASKED_FOR_LISTENERS =
      Pattern.compile("Active Internet connections \\((?:only servers|servers and established)\\)");
  private static final Pattern NOT_A_PORT = Pattern.compile("(?s)(?:unix|raw6?|icmp6?)\\s++\\S.*");
  private static final Pattern GLUED =
      Pattern.compile("\\b(?:tcp|udp)6?\\s++\\d++\\s++\\d++\\s++[^\\s:]*+:\\S*+\\s++[^\\s:]*+:\\S");

  /** A header in any language. A row has numbers, and an address has a colon. */
  private static final Pattern TITLE = Pattern.compile("[^\\d:*]{0,80}\\([^\\d:*]{1,80}\\)?\\s*+");

  private static final Pattern EVERYBODY = Pattern.compile("(?:0\\.0\\.0\\.0|::|\\[::]|\\*):\\*");
  private static final Pattern CUT_IPV6 = Pattern.compile("[0-9a-f.]*+:[0-9a-f:.]*+");

  /** States other than LISTEN that are not translated. */
  private static final Set<String> NOT_LISTENING =
      Set.of(
          "ESTABLISHED",
          "SYN_SENT",
          "SYN_RECV",
          "FIN_WAIT1",
          "FIN_WAIT2",
          "TIME_WAIT",
          "CLOSE",
          "CLOSE_WAIT",
          "LAST_ACK",
          "CLOSING");

  private final boolean wide;

  /** Creates a parser for output that was printed with unknown options. */
  public NetstatLinux() {
    this(false);
  }

  /**
   * Creates a parser for output that the agent requested.
   *
   * @param wide true if it was printed with -W, so that no address is truncated
   */
  public NetstatLinux(boolean wide) {
    this.wide = wide;
  }

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    List<String> lines = ByteText.lines(output);
    String line = "";
    for (String next : lines) {
      // A title may stand some blank lines above its header.
      if (!next.isBlank()) {
        read(view, line, next);
        line = next;
      }
    }
    read(view, line, "");
    reportTruncation(view, lines);
    if (showsConnectionsAlone(lines)) {
      view.gap(Gap.What.LISTENERS, "no socket in it listens: run it with -l or -a");
    }
    return view.build(true);
  }

  private void read(ViewBuilder view, String line, String next) {
    Matcher row = ROW.matcher(line);
    if (line.isEmpty()) {
      return;
    }
    if (line.length() > NetstatRows.LONGEST) {
      view.unreadable("too long for a row", ByteText.raw(line));
    } else if (row.matches()) {
      row(view, row, line);
    } else if (isHeader(line)) {
      view.understood();
    } else if (NOT_A_PORT.matcher(line).matches()) {
      otherSocket(view, line);
    } else if (isHeader(next) && TITLE.matcher(line).matches()) {
      title(view, line);
    } else {
      besidesRows(view, line);
    }
  }

  private static void otherSocket(ViewBuilder view, String line) {
    if (GLUED.matcher(line).find()) {
      view.unreadable("more than one row in a line", ByteText.raw(line));
    } else {
      view.understood();
    }
  }

  private static void besidesRows(ViewBuilder view, String line) {
    Matcher other = OTHER_TRANSPORT.matcher(line);
    if (other.matches()) {
      view.understood();
      view.gap(Gap.What.PROTOCOL, "rows of " + other.group(1) + " sockets are not read");
    } else {
      NetstatMessages.read(view, line);
    }
  }

  /** True if a row lacks columns that other rows have. */
  private static void reportTruncation(ViewBuilder view, List<String> lines) {
    List<String> bare = new ArrayList<>();
    boolean programs = false;
    for (String line : lines) {
      Matcher row = ROW.matcher(line);
      if (line.length() > NetstatRows.LONGEST
          || !row.matches()
          || !NetstatRows.hasPort(row.group(3), ':')) {
        continue;
      }
      String rest = NetstatRows.unpadded(row.group(4));
      boolean program = NetstatProgram.read(rest).map(NetstatProgram::shown).orElse(true);
      programs |= program;
      boolean isStray = row.group(2).startsWith("*:") && line.length() < FOREIGN_COLUMN;
      boolean noState = rest.isEmpty() && row.group(1).startsWith("tcp");
      if (isStray) {
        continue;
      }
      if (noState) {
        view.unreadable("no state", ByteText.raw(line));
      } else if (!program && !line.endsWith(" ")) {
        bare.add(line);
      }
    }
    if (programs) {
      bare.forEach(
          line -> view.unreadable("no program, although other rows have one", ByteText.raw(line)));
    }
  }

  /**
   * Adds a gap if the title shows that listeners are missing. Not every language has such a title.
   */
  private static boolean showsConnectionsAlone(List<String> lines) {
    List<Matcher> rows = lines.stream().map(ROW::matcher).filter(Matcher::matches).toList();
    return !rows.isEmpty()
        && rows.stream().noneMatch(NetstatLinux::listens)
        && lines.stream().noneMatch(line -> ASKED_FOR_LISTENERS.matcher(line).matches());
  }

  private static boolean isHeader(String line) {
    return Header.is(Format.NETSTAT_LINUX, line);
  }

  /** True for the line before a header, in any language. */
  private static void title(ViewBuilder view, String line) {
    view.understood();
    if (line.contains("(w/o servers)")) {
      view.gap(Gap.What.LISTENERS, "taken without -l or -a: it shows no listeners");
    }
  }

  private void row(ViewBuilder view, Matcher row, String line) {
    String proto = row.group(1);
    String word = row.group(2);
    Optional<NetstatProgram> program = NetstatProgram.read(NetstatRows.unpadded(row.group(4)));
    if (!NetstatRows.hasPort(row.group(3), ':')) {
      view.unreadable("no foreign address", ByteText.raw(line));
      return;
    }
    if (program.isEmpty()) {
      view.unreadable("more in it than a row has", ByteText.raw(line));
    }
    if (!listens(row)) {
      view.understood();
    } else {
      List<Owner> owners = program.map(NetstatProgram::owners).orElse(List.of());
      Function<HostPort, Optional<Address>> address = local -> address(local, proto, word, line);
      NetstatRows.listener(
          view, NetstatRows.protocol(proto), word, ':', address, null, owners, line);
    }
  }

  /** True for a listener. States are translated, so a socket without a peer listens. */
  private static boolean listens(Matcher row) {
    boolean toEverybody = EVERYBODY.matcher(row.group(3)).matches();
    if (NetstatRows.protocol(row.group(1)) == Protocol.UDP) {
      return toEverybody;
    }
    String state = NetstatRows.firstWord(NetstatRows.unpadded(row.group(4)));
    return state.equals("LISTEN") || (toEverybody && !NOT_LISTENING.contains(state));
  }

  private Optional<Address> address(HostPort local, String proto, String word, String line) {
    String host = local.host();
    if (host == null) {
      // A program name that contains a newline can forge a line of 16 characters. Only this form of
      // a row fits into it.
      return line.length() < FOREIGN_COLUMN
          ? Optional.empty()
          : Optional.of(proto.endsWith("6") ? Address.ANY_IPV6 : Address.ANY_IPV4);
    }
    boolean mayBeCut = !wide && word.length() == CUT_WIDTH && CUT_IPV6.matcher(host).matches();
    return mayBeCut ? Optional.of(Address.cutAt(host)) : Address.parse(host);
  }
}
