package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Joins lines that a terminal or an editor broke. All broken lines have the length of the longest
 * line; or, for netstat on a terminal of 80 columns, the program is alone in its line.
 */
final class WrappedLines {

  private static final int LEAST_WIDTH = 40;
  private static final int MOST_WIDTH = 400;

  /** The last column of Linux netstat, which begins at the 81st character. */
  private static final Pattern PROGRAM =
      Pattern.compile("(?:\\d{1,10}/.{0,40}|-|PID/Program name)\\s*+");

  private WrappedLines() {}

  /** Returns the texts that may be the original, best first. */
  static List<String> originals(String text) {
    return Stream.concat(joined(text).stream(), withPrograms(text).stream()).toList();
  }

  private static Optional<String> withPrograms(String text) {
    List<String> joined = new ArrayList<>();
    boolean any = false;
    for (String line : text.split("\n", -1)) {
      if (!joined.isEmpty() && PROGRAM.matcher(line).matches()) {
        joined.set(joined.size() - 1, joined.get(joined.size() - 1).stripTrailing() + " " + line);
        any = true;
      } else {
        joined.add(line);
      }
    }
    return any ? Optional.of(String.join("\n", joined)) : Optional.empty();
  }

  /** Returns the joined text; empty if no line looks broken. */
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
