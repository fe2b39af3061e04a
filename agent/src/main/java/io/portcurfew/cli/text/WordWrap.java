package io.portcurfew.cli.text;

import java.util.regex.Pattern;

/** Breaks lines between words only, so that no path, port or option is divided. */
public final class WordWrap {

  /** ECMA-48: colours and weights, which take no column. */
  private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

  private WordWrap() {}

  /**
   * Breaks one line; a word that is longer than the width stays whole.
   *
   * @param width the longest line in characters
   * @param used the characters that are already on the first line
   * @param indent the spaces before each further line
   */
  public static String of(String line, int width, int used, int indent) {
    StringBuilder out = new StringBuilder();
    int column = used;
    boolean isEmpty = true;
    for (String word : line.split("(?<=\\S) (?=\\S)", -1)) {
      int length = TextColumns.length(plain(word));
      if (!isEmpty && column + 1 + length > width) {
        out.append(System.lineSeparator()).append(" ".repeat(indent));
        column = indent;
      } else if (!isEmpty) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += length;
      isEmpty = false;
    }
    return out.toString();
  }

  /** The text without its styles. */
  public static String plain(String text) {
    return STYLE.matcher(text).replaceAll("");
  }
}
