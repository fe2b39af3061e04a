package io.portcurfew.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * Something in a file of the operator that is allowed and hardly meant. Its text is fit to be shown
 * as it is.
 *
 * @param file the name of the file as it was given
 * @param line from 1
 * @param column from 1, in characters
 * @param path the place in the document, as in {@code rules[2].ports}
 * @param what what it is, and what it leads to
 */
public record Warning(String file, int line, int column, @Nullable String path, String what) {

  /** One line: {@code file:line:column: path: warning: what it is.} */
  @Override
  public String toString() {
    String place = path == null ? "" : path + ": ";
    return "%s:%d:%d: %swarning: %s.".formatted(file, line, column, place, what);
  }
}
