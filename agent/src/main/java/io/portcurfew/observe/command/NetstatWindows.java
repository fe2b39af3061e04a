package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.observe.ViewBuilder;
import io.portcurfew.process.ByteText;
import io.portcurfew.process.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code netstat -ano} of Windows in any language and code page, with {@code -b}, {@code -q}
 * or {@code -t} or without: a TCP socket listens where its foreign port is 0, whatever word its
 * state has.
 *
 * <p>Each family has rows of its own, so {@code [::]} never stands for IPv4 too.
 */
public final class NetstatWindows implements Parser {

  private static final Pattern ROW =
      Pattern.compile("(?s)\\s*+(TCP|UDP)\\s++(\\S++)\\s++(\\S++)(\\s.*)?");

  /** A title or a header in a language that is not looked at: no numbers, no addresses. */
  private static final Pattern BEFORE_ROWS =
      Pattern.compile("(?s)(?!\\s*+(?:TCP|UDP)\\b)[^\\d:*.\\\\]{2,200}+");

  private static final Pattern TITLE = Pattern.compile("\\s*+Active Connections\\s*+");

  /** A service or a library: one word, or what says that the owner is not known. */
  private static final Pattern SAID =
      Pattern.compile(
          "(?s)\\s++(?!TCP|UDP)(?:[\\w$.-]{3,80}|[A-Z]:\\\\[^:*\\[\\]]{3,200}"
              + "|-- [^\\d:*\\[\\]]{3,80}--|[^\\d:*.\\[\\]]{3,120})\\s*+");

  /** What stands behind the addresses: a state in any language, a pid, what -t adds. */
  private static final Pattern TAIL =
      Pattern.compile(
          "(?s)(?:[^\\d\\s:*\\[]\\S{0,24}+(?:\\s++|\\z)){0,3}?(?:(\\d{1,10})(?:\\s++[A-Za-z]{2,20})?)?");

  private static final Pattern PROGRAM = Pattern.compile("(?s)\\s++\\[(.+)]\\s*+");

  @Override
  public View parse(String source, byte[] output) {
    Reading reading = new Reading(new ViewBuilder(source));
    ByteText.lines(PlainText.of(output).raw()).forEach(reading::line);
    return reading.view();
  }

  /**
   * Whether there is a header in a language whose words are not known: what stands right before the
   * first row, as the second line or the first.
   */
  public static boolean hasForeignHeader(List<String> lines) {
    List<String> told = lines.stream().filter(line -> !line.isBlank()).limit(3).toList();
    for (int i = 0; i + 1 < told.size(); i++) {
      if (isForeign(told.get(i)) && ROW.matcher(told.get(i + 1)).matches()) {
        return true;
      }
    }
    return false;
  }

  /** What looks English and is no header of ours is cut. */
  private static boolean isForeign(String line) {
    boolean english = line.contains("Local Address") || line.contains("Active Conn");
    return !english && BEFORE_ROWS.matcher(line).matches();
  }

  private static Optional<Address> address(HostPort local) {
    return Optional.ofNullable(local.host()).flatMap(Address::parse);
  }

  /** One reading: what -b says of a row stands in the lines below it. */
  private static final class Reading {

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

    Reading(ViewBuilder view) {
      this.view = view;
    }

    View view() {
      if (pids) {
        noPid.forEach(line -> view.unreadable("no pid as other rows have", ByteText.raw(line)));
      }
      if (!programs) {
        said.forEach(line -> view.unreadable("not a row of netstat", ByteText.raw(line)));
      }
      if (!listeners) {
        // Windows itself always listens, on port 135 and others.
        view.gap(Gap.What.LISTENERS, "no listener in it: it was taken without -a, or is cut off");
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

    /** A title and a header; a third line is something else. */
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
