package io.portcurfew.observe.command;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.nio.charset.StandardCharsets;
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
final class NetstatWindows implements Parser {

  private static final Pattern ROW =
      Pattern.compile("(?s)\\s*+(TCP|UDP)\\s++(\\S++)\\s++(\\S++)(\\s.*)?");
  private static final Pattern HEADER = Pattern.compile("(?s)\\s++Proto\\s.*");
  private static final Pattern PROGRAM = Pattern.compile("(?s)\\s++\\[(.+)]\\s*+");
  private static final Pattern ENDPOINT = Pattern.compile(":(?:\\d|\\*)");
  private static final Pattern DIGIT = Pattern.compile("\\d");

  @Override
  public View parse(String source, byte[] output) {
    Reading reading = new Reading(new ViewBuilder(source));
    ByteText.lines(plain(output)).forEach(reading::line);
    return reading.view();
  }

  /** PowerShell writes what it is told to redirect as UTF-16 with a byte order mark. */
  private static byte[] plain(byte[] output) {
    if (output.length >= 2 && (output[0] & 0xFF) == 0xFF && (output[1] & 0xFF) == 0xFE) {
      return new String(output, 2, output.length - 2, StandardCharsets.UTF_16LE)
          .getBytes(StandardCharsets.UTF_8);
    }
    return output;
  }

  private static Optional<Address> address(HostPort local) {
    return Optional.ofNullable(local.host()).flatMap(Address::parse);
  }

  /** One reading: what -b says of a row stands in the lines below it. */
  private static final class Reading {

    private final ViewBuilder view;
    private boolean rows;
    private boolean listeners;
    private Optional<Endpoint> above = Optional.empty();
    private List<Owner> ownersAbove = List.of();

    Reading(ViewBuilder view) {
      this.view = view;
    }

    View view() {
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
      } else if (HEADER.matcher(line).matches()) {
        view.understood();
      } else if (isSaidOfARow(line)) {
        program(line);
      } else if (!isBeforeTheRows(line)) {
        view.unreadable("not a row of netstat", ByteText.raw(line));
      }
    }

    /** A service, a library, or that its owner cannot be told; in any language. */
    private boolean isSaidOfARow(String line) {
      return rows && line.charAt(0) <= ' ' && !ENDPOINT.matcher(line).find();
    }

    /** A title or header in a language that is not looked at. */
    private boolean isBeforeTheRows(String line) {
      return !rows && !DIGIT.matcher(line).find();
    }

    private void row(Matcher row, String line) {
      rows = true;
      above = Optional.empty();
      String rest = NetstatRows.unpadded(row.group(4));
      if (!NetstatRows.hasPort(row.group(3), ':')) {
        view.unreadable("no foreign address", ByteText.raw(line));
      } else if (!NetstatRows.isNobody(row.group(3), ':') || rest.startsWith("BOUND")) {
        view.understood();
      } else {
        listeners = true;
        listener(NetstatRows.protocol(row.group(1)), row.group(2), owners(rest), line);
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
      if (above.isPresent() && program.matches() && !ownersAbove.isEmpty()) {
        String pid = Integer.toString(ownersAbove.get(0).pid());
        view.listener(above.get(), null, NetstatRows.owner(pid, program.group(1)));
      }
    }

    /** The pid is the last number; -t prints a word behind it. */
    private static List<Owner> owners(String rest) {
      List<Owner> owners = List.of();
      for (String text = rest; !text.isEmpty(); text = NetstatRows.afterFirstWord(text)) {
        String word = NetstatRows.firstWord(text);
        if (word.chars().allMatch(c -> c >= '0' && c <= '9')) {
          owners = NetstatRows.owner(word, null);
        }
      }
      return owners;
    }
  }
}
