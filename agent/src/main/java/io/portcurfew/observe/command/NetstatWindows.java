package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import io.portcurfew.process.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses {@code netstat -ano} of Windows in any language and code page, with or without {@code -b},
 * {@code -q} or {@code -t}. A TCP socket listens if its foreign port is 0; the word for its state
 * does not matter.
 *
 * <p>Each family has its own rows, so {@code [::]} never includes IPv4.
 */
public final class NetstatWindows implements Parser {

  private static final Pattern ROW =
      Pattern.compile("(?s)\\s*+(TCP|UDP)\\s++(\\S++)\\s++(\\S++)(\\s.*)?");

  /** A title or a header in any language: no numbers, no addresses. */
  private static final Pattern BEFORE_ROWS =
      Pattern.compile("(?s)(?!\\s*+(?:TCP|UDP)\\b)[^\\d:*.\\\\]{2,200}+");

  private static final Pattern TITLE = Pattern.compile("\\s*+Active Connections\\s*+");

  /** A service or a library: one word, or the text for an unknown owner. */
  private static final Pattern SAID =
      Pattern.compile(
          "(?s)\\s++(?!TCP|UDP)(?:(?=\\S*[A-Za-z])[\\w$.-]{3,80}|[A-Z]:\\\\[^:*\\[\\]]{3,200}"
              + "|-- [^\\d:*\\[\\]]{3,80}--|[^\\d:*.\\[\\]<>]{3,120})\\s*+");

  /** The text after the addresses: a state in any language, a pid, the column of -t. */
  private static final Pattern TAIL =
      Pattern.compile(
          "(?s)(?:[^\\d\\s:*\\[]\\S{0,24}+(?:\\s++|\\z)){0,3}?(?:(\\d{1,10})(?:\\s++[A-Za-z]{2,20})?)?");

  private static final Pattern PROGRAM = Pattern.compile("(?s)\\s++\\[(?!\\W+])(.+)]\\s*+");

  @Override
  public View parse(String source, byte[] output) {
    WindowsRows reading = new WindowsRows(new ViewBuilder(source));
    ByteText.lines(PlainText.of(output).raw()).forEach(reading::line);
    return reading.view();
  }

  /**
   * True if the first or second line looks like a header in an unknown language, directly before
   * the first row.
   */
  public static boolean hasForeignHeader(List<String> lines) {
    List<String> firstLines = lines.stream().filter(line -> !line.isBlank()).limit(3).toList();
    for (int i = 0; i + 1 < firstLines.size(); i++) {
      if (isForeign(firstLines.get(i)) && ROW.matcher(firstLines.get(i + 1)).matches()) {
        return true;
      }
    }
    return false;
  }

  /**
   * True for a header in another language. A line that looks English and is not a known header is
   * truncated.
   */
  private static boolean isForeign(String line) {
    boolean english = line.contains("Local Address") || line.contains("Active Conn");
    return !english && BEFORE_ROWS.matcher(line).matches();
  }

  private static Optional<Address> address(HostPort local) {
    return Optional.ofNullable(local.host()).flatMap(Address::parse);
  }

  /** The state of one parse: the lines of -b after a row belong to that row. */
  private static final class WindowsRows {

    private final ViewBuilder view;
    private boolean rows;
    private int before;
    private boolean programs;
    private boolean pids;
    private final List<String> noPid = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private boolean listeners;
    private Optional<Endpoint> above = Optional.empty();
    private List<Owner> ownersAbove = List.of();

    WindowsRows(ViewBuilder view) {
      this.view = view;
    }

    View view() {
      if (pids) {
        noPid.forEach(
            line -> view.unreadable("no pid, although other rows have one", ByteText.raw(line)));
      }
      if (!programs) {
        said.forEach(line -> view.unreadable("not a row of netstat", ByteText.raw(line)));
      }
      if (!listeners) {
        // Windows always listens, on port 135 and others.
        view.gap(Gap.What.LISTENERS, "no socket in it listens: run it with -a");
      }
      return view.build(true);
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
      } else if (Header.is(Format.NETSTAT_WINDOWS, line) || TITLE.matcher(line).matches()) {
        view.understood();
        before++;
      } else if (isBeforeTheRows(line)) {
        before++;
      } else if (rows && (PROGRAM.matcher(line).matches() || SAID.matcher(line).matches())) {
        program(line);
      } else {
        view.unreadable("not a row of netstat", ByteText.raw(line));
      }
    }

    /** Accepts a title and a header; a third line is not a header. */
    private boolean isBeforeTheRows(String line) {
      return !rows && before < 2 && isForeign(line);
    }

    private void row(Matcher row, String line) {
      rows = true;
      above = Optional.empty();
      String rest = NetstatRows.unpadded(row.group(4));
      Matcher tail = TAIL.matcher(rest);
      if (!tail.matches()) {
        view.unreadable("more in it than a row has", ByteText.raw(line));
      } else if (tail.group(1) == null) {
        noPid.add(line);
      } else {
        pids = true;
      }
      if (!NetstatRows.hasPort(row.group(3), ':')) {
        view.unreadable("no foreign address", ByteText.raw(line));
      } else if (!NetstatRows.isNobody(row.group(3), ':') || rest.startsWith("BOUND")) {
        view.understood();
      } else {
        listeners = true;
        List<Owner> owners =
            tail.matches() && tail.group(1) != null
                ? NetstatRows.owner(tail.group(1), null)
                : List.<Owner>of();
        listener(NetstatRows.protocol(row.group(1)), row.group(2), owners, line);
      }
    }

    private void listener(Protocol protocol, String word, List<Owner> owners, String line) {
      Boolean dualStack = word.startsWith("[::]:") ? false : null;
      above =
          NetstatRows.listener(
              view, protocol, word, ':', NetstatWindows::address, dualStack, owners, line);
      ownersAbove = owners;
    }

    private void program(String line) {
      Matcher program = PROGRAM.matcher(line);
      if (!program.matches()) {
        said.add(line);
        return;
      }
      programs = true;
      if (above.isPresent() && !ownersAbove.isEmpty()) {
        String pid = Integer.toString(ownersAbove.get(0).pid());
        view.listener(above.get(), null, NetstatRows.owner(pid, program.group(1)));
      }
    }
  }
}
