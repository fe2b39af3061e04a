package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

  private WrappedLines() {}

  /** Returns the texts that may be the original, best first. */
  static List<String> originals(String text) {
    return Stream.of(joined(text), withPrograms(text), withWords(text))
        .flatMap(Optional::stream)
        .toList();
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && Character.isDigit(text.charAt(at));
  }

  private static Optional<String> withPrograms(String text) {
    return withFragments(text, line -> PROGRAM.matcher(line).matches());
  }

  private static Optional<String> withWords(String text) {
    return withFragments(text, line -> !line.isBlank() && !ROW.matcher(line).lookingAt());
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
      if (goesOn && !line.isEmpty()) {
        joined.set(joined.size() - 1, joined.get(joined.size() - 1) + line);
        any = true;
      } else {
        joined.add(line);
      }
      goesOn = line.length() == width;
    }
    return any ? Optional.of(String.join("\n", joined)) : Optional.empty();
  }
}
