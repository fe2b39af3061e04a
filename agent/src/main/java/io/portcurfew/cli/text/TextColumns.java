package io.portcurfew.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Aligns rows of text in columns. The last column is not padded. */
public final class TextColumns {

  /** A wider cell shifts the rest of its row instead of widening the whole table. */
  private static final int WIDEST = 60;

  private final List<List<String>> rows = new ArrayList<>();

  /** Creates a table with this first row. */
  public TextColumns(List<String> head) {
    rows.add(head);
  }

  /** Adds a row. */
  public void row(List<String> cells) {
    rows.add(cells);
  }

  /** Renders all rows, one line each. */
  public List<String> lines() {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Math.min(WIDEST, row.get(i).length()));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(Math.max(0, widths[i] - row.get(i).length()) + 2));
    }
    return line.toString().stripTrailing();
  }
}
