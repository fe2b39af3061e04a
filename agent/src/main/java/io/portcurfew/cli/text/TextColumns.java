package io.portcurfew.cli.text;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as their widest cell; the last column is not padded. */
public final class TextColumns {

  /** A wider cell pushes its row out rather than widening the whole table. */
  private static final int WIDEST = 60;

  private final List<List<String>> rows = new ArrayList<>();

  public TextColumns(List<String> head) {
    rows.add(head);
  }

  public void row(List<String> cells) {
    rows.add(cells);
  }

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
