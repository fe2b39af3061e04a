package io.portcurfew.config.yaml;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One mistake in a file of the operator, in words that let them mend it. Text that comes out of the
 * file is already visible (HostText) and cut, and holds no secret.
 *
 * @param file the name of the file as it was given
 * @param line from 1
 * @param column from 1, in characters
 * @param path the place in the document, as in {@code rules[2].ports}, items counted from 0; {@code
 *     null} where it is the file as a whole
 * @param what what is wrong
 * @param found what stands there
 * @param expected what should stand there
 * @param suggestion what was probably meant
 */
public record Problem(
    String file,
    int line,
    int column,
    @Nullable String path,
    String what,
    String found,
    String expected,
    @Nullable String suggestion) {

  static final Comparator<Problem> BY_POSITION =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  /** One line: {@code file:line:column: path: what is wrong. Found: ... Expected: ...} */
  @Override
  public String toString() {
    return "%s:%d:%d: %s%s. Found: %s. Expected: %s.%s"
        .formatted(
            file,
            line,
            column,
            path == null ? "" : path + ": ",
            what,
            found,
            expected,
            suggestion == null ? "" : " Did you mean \"" + suggestion + "\"?");
  }
}
