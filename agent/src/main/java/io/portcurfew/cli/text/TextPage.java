package io.portcurfew.cli.text;

import java.util.List;
import java.util.function.Consumer;

/**
 * A page of plain text. No line is longer than the terminal is wide, and than {@link #WIDTH}
 * characters, except commands to copy.
 */
final class TextPage {

  /**
   * The longest line, in characters. Wide characters such as Han take two columns but count as one.
   */
  static final int WIDTH = 100;

  /** The most items in one list: any user may open a thousand sockets on one port. */
  static final int MOST = 20;

  /** A longer word is broken within: paths and names have any length. */
  private static final int LONGEST_WORD = 30;

  private final int width;
  private final StringBuilder out = new StringBuilder();

  /**
   * Creates an empty page.
   *
   * @param terminal the width of the terminal in characters; 0 without a terminal
   */
  TextPage(int terminal) {
    this.width = width(terminal);
  }

  /** The longest line on a terminal of this width; 0 stands for no terminal. */
  static int width(int terminal) {
    return terminal == 0 ? WIDTH : Math.min(WIDTH, terminal);
  }

  /** A heading, after a blank line unless it is the first. */
  void heading(String title) {
    out.append(out.isEmpty() ? "" : "\n").append(title).append('\n');
  }

  /** A fixed text, broken between words. */
  void prose(int indent, String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && indent + length(line) + 1 + length(word) > width) {
        broken(indent, "", line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    broken(indent, "", line.toString());
  }

  /** A text that may be hostile, without a label. */
  void text(int indent, String text) {
    broken(indent, "", text);
  }

  /**
   * A label and a text that may be hostile. Its spaces are kept but the one at a break, and it is
   * broken only near the end of a full line. Further lines stay to the right of every label, so
   * that they cannot imitate another field.
   */
  void field(int indent, String label, String value) {
    broken(indent, String.format("%-14s", label), value);
  }

  /** A command to copy, never broken. */
  void verbatim(int indent, String text) {
    out.append(" ".repeat(indent)).append(text).append('\n');
  }

  /** Prints the first {@link #MOST} items and the number of the others. */
  <T> void few(List<T> all, Consumer<T> each) {
    all.stream().limit(MOST).forEach(each);
    if (all.size() > MOST) {
      prose(2, "and " + (all.size() - MOST) + " more.");
    }
  }

  private void broken(int indent, String label, String text) {
    String prefix = " ".repeat(indent) + label;
    int room = width - prefix.length();
    int at = 0;
    do {
      int rest = text.codePointCount(at, text.length());
      int end = text.offsetByCodePoints(at, Math.min(room, rest));
      int space = rest > room ? text.lastIndexOf(' ', end) : -1;
      boolean atSpace = space > end - LONGEST_WORD && space > at;
      out.append(at == 0 ? prefix : " ".repeat(prefix.length()));
      out.append(text, at, atSpace ? space : end).append('\n');
      at = atSpace ? space + 1 : end;
    } while (at < text.length());
  }

  private static int length(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
