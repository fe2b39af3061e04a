package io.portcurfew.config.yaml;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One mistake in the operator's file. Text from the file is already safe to show ({@link
 * VisibleText}): shortened, printable and without secrets.
 *
 * @param file the name of the file as it was given
 * @param line from 1
 * @param column from 1, in characters
 * @param path the place in the document, as in {@code rules[2].ports}, with indexes from 0; {@code
 *     null} for the whole file
 * @param what the mistake
 * @param found the value in the file; {@code null} if {@code what} shows enough
 * @param expected the values that are allowed; {@code null} if {@code what} shows enough
 * @param suggestion a likely correction
 */
public record Problem(
    String file,
    int line,
    int column,
    @Nullable String path,
    String what,
    @Nullable String found,
    @Nullable String expected,
    @Nullable String suggestion) {

  static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  /** One line: {@code file:line:column: path: the mistake. Found: ... Expected: ...} */
  @Override
  public String toString() {
    return "%s:%d:%d: %s%s.%s%s%s"
        .formatted(
            file,
            line,
            column,
            path == null ? "" : path + ": ",
            what,
            found == null ? "" : " Found: " + found + ".",
            expected == null ? "" : " Expected: " + expected + ".",
            suggestion == null ? "" : " Did you mean \"" + suggestion + "\"?");
  }
}
