package io.portcurfew.cli.text;

import java.util.List;
import java.util.function.Consumer;

/**
 * A page of plain text for a terminal, no line longer than {@link #WIDTH} characters unless it has
 * to be typed as it stands.
 */
final class TextPage {

  /** In characters; wide ones such as Han take two columns and are counted as one. */
  static final int WIDTH = 100;

  /** How many of a kind are shown; a stranger may open a thousand sockets on one port. */
  static final int MOST = 20;

  private final StringBuilder out = new StringBuilder();

  /** A heading, after a blank line unless it is the first. */
  void heading(String title) {
    out.append(out.isEmpty() ? "" : "\n").append(title).append('\n');
  }

  /** A text of ours, broken between words. */
  void prose(int indent, String text) {
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && indent + length(line) + 1 + length(word) > WIDTH) {
        hard(indent, "", line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    hard(indent, "", line.toString());
  }

  /** A text that may be a stranger's, without a label. */
  void text(int indent, String text) {
    hard(indent, "", text);
  }

  /**
   * A label and a text that may be a stranger's: its blanks stay, it is broken only where the line
   * is full, and what follows stands to the right of every label, so it can look like no other
   * line.
   */
  void field(int indent, String label, String value) {
    hard(indent, String.format("%-14s", label), value);
  }

  /** What is to be typed as it stands, however long it is. */
  void verbatim(int indent, String text) {
    out.append(" ".repeat(indent)).append(text).append('\n');
  }

  /** Writes the first {@link #MOST} and says how many more there are. */
  <T> void few(List<T> all, Consumer<T> each) {
    all.stream().limit(MOST).forEach(each);
    if (all.size() > MOST) {
      prose(2, "and " + (all.size() - MOST) + " more.");
    }
  }

  private void hard(int indent, String label, String text) {
    String prefix = " ".repeat(indent) + label;
    int room = WIDTH - prefix.length();
    int at = 0;
    do {
      int rest = text.codePointCount(at, text.length());
      int end = text.offsetByCodePoints(at, Math.min(room, rest));
      out.append(at == 0 ? prefix : " ".repeat(prefix.length()));
      out.append(text, at, end).append('\n');
      at = end;
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
