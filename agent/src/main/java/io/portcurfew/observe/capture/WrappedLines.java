package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Joins lines that a terminal, an editor or a mail program broke. All broken lines have the length
 * of the longest line; or the program of netstat is alone in its line, as on a terminal of 80
 * columns; or every line that does not begin like a row goes on after a space.
 */
final class WrappedLines {

  private static final int LEAST_WIDTH = 40;
  private static final int MOST_WIDTH = 400;

  /** The last column of Linux netstat, which begins at the 81st character. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?:\\d{1,10}/.{0,40}|-|PID/Program name)\\s*+");

  /** The beginning of a row, a header or a title of ss, netstat, sockstat or lsof. */
  private static final Pattern ROW =
      Pattern.compile(
          "\\s*(?:tcp|udp|TCP|UDP|(?:(?:LISTEN|UNCONN|ESTAB)\\s*\\d+\\s+\\d|State\\s+Recv)|Netid|Proto|Active|COMMAND|USER)"
              + "|\\S+\\s+\\d+\\s+\\S+\\s+\\*?\\d+\\D?\\s|\\S+\\s+\\S.*\\s(?:tcp|udp)(?:4|6|46)\\s");

  /**
   * Words of letters alone that occur in a row or a header; other words hold a number or a mark.
   */
  private static final Set<String> CELLS =
      Set.of(
          "TCP",
          "UDP",
          "LISTEN",
          "LISTENING",
          "UNCONN",
          "ESTAB",
          "ESTABLISHED",
          "Local",
          "Peer",
          "Foreign",
          "Address",
          "Process",
          "State",
          "Program",
          "name",
          "LOCAL",
          "FOREIGN",
          "ADDRESS",
          "PROTO",
          "NODE",
          "NAME",
          "DEVICE",
          "TYPE",
          "FD",
          "PID",
          "USER",
          "COMMAND",
          "(state)",
          "-",
          "<->");

  /** A mark of an omission: no letter and no digit, and not the end of an address or a list. */
  private static final Pattern OMISSION = Pattern.compile("[^\\w*)\"]*|[<\\[].*[>\\]]");

  /** A part of an endpoint, a number, a list of users, a path. */
  private static final Pattern CELL = Pattern.compile(".*[\\d:*\"/].*|\\(?[A-Z][A-Z_]+\\)?");

  private WrappedLines() {}

  /**
   * True if the line can be the rest of a row. A mark of an omission such as {@code ...} is not,
   * nor is a sentence.
   *
   * @param isBroken true if its first word may be the rest of a word
   */
  private static boolean isRest(String line, boolean isBroken) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    boolean within = isBroken && !Character.isWhitespace(line.charAt(0));
    Stream<String> whole = words.stream().skip(within ? 1 : 0);
    return (!within || !OMISSION.matcher(words.get(0)).matches())
        && whole.allMatch(word -> CELLS.contains(word) || isCell(word));
  }

  /** Returns the texts that may be the original, best first. */
  static List<String> originals(String text) {
    return Stream.of(joined(text), withPrograms(text), withWords(text))
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isCell(String word) {
    return CELL.matcher(word).matches() && !OMISSION.matcher(word).matches();
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && Character.isDigit(text.charAt(at));
  }

  private static Optional<String> withPrograms(String text) {
    return withFragments(text, line -> PROGRAM.matcher(line).matches());
  }

  private static Optional<String> withWords(String text) {
    return withFragments(
        text, line -> !line.isBlank() && !ROW.matcher(line).lookingAt() && isRest(line, false));
  }

  /**
   * Joins each fragment with the line before it by a space. A number that was broken within would
   * look like two numbers, so such a text has no original.
   */
  private static Optional<String> withFragments(String text, Predicate<String> isFragment) {
    List<String> joined = new ArrayList<>();
    boolean any = false;
    for (String line : text.split("\n", -1)) {
      if (joined.isEmpty() || !isFragment.test(line)) {
        joined.add(line);
        continue;
      }
      String before = joined.get(joined.size() - 1).stripTrailing();
      String rest = line.strip();
      if (isDigit(before, before.length() - 1) && isDigit(rest, 0)) {
        return Optional.empty();
      }
      joined.set(joined.size() - 1, before + " " + rest);
      any = true;
    }
    return any ? Optional.of(String.join("\n", joined)) : Optional.empty();
  }

  private static Optional<String> joined(String text) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    int width = lines.stream().mapToInt(String::length).max().orElse(0);
    if (width < LEAST_WIDTH || width > MOST_WIDTH) {
      return Optional.empty();
    }
    List<String> joined = new ArrayList<>();
    boolean goesOn = false;
    boolean any = false;
    for (String line : lines) {
      String before = joined.isEmpty() ? "" : joined.get(joined.size() - 1);
      if (goesOn && !line.isBlank() && isRest(line, !before.endsWith(" "))) {
        joined.set(joined.size() - 1, before + line);
        any = true;
      } else {
        joined.add(line);
      }
      goesOn = line.length() == width;
    }
    return any ? Optional.of(String.join("\n", joined)) : Optional.empty();
  }
}
