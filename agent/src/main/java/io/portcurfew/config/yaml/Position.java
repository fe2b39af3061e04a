package io.portcurfew.config.yaml;

import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record Position(int line, int column) {

  /** The first character of a file. */
  public static final Position START = new Position(1, 1);

  /** The position of a mark of the YAML engine, which counts from 0. */
  static Position of(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** The position after this text. */
  static Position after(CharSequence text) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Position(line, Character.codePointCount(text, lineStart, text.length()) + 1);
  }
}
