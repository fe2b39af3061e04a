package io.portcurfew.config.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A valid part of the operator's file that is probably a mistake. Its text is safe to show.
 *
 * @param file the name of the file as it was given
 * @param line from 1
 * @param column from 1, in characters
 * @param path the place in the document, as in {@code rules[2].ports}
 * @param what the mistake and its effect
 */
public record Warning(String file, int line, int column, @Nullable String path, String what) {

  /** One line: {@code file:line:column: path: warning: what it is.} */
  @Override
  public String toString() {
    String place = path == null ? "" : path + ": ";
    return "%s:%d:%d: %swarning: %s.".formatted(file, line, column, place, what);
  }
}
