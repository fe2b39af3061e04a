package io.portcurfew.cli.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Aligns rows of text in columns. The last column is not padded. Where a width is given, long cells
 * are cut in the middle, then the least useful columns are left out; numbers are never cut.
 */
public final class TextColumns {

  /** A wider cell shifts the rest of its row instead of widening the whole table. */
  private static final int WIDEST = 60;

  private static final int GAP = 2;
  private static final String CUT = "...";

  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();

  /**
   * A column.
   *
   * @param comfort the width to which its cells are cut before a column is left out
   * @param least the width to which they are cut when no column can be left out; both are {@link
   *     Integer#MAX_VALUE} if cells are never cut
   * @param use how useful it is: columns with lower numbers are left out first; 0 if it never is
   */
  public record Column(String head, int comfort, int least, int use) {

    /** A column whose cells are never cut. */
    static Column uncut(String head, int use) {
      return new Column(head, Integer.MAX_VALUE, Integer.MAX_VALUE, use);
    }

    /** A column that is neither cut nor left out. */
    public static Column fixed(String head) {
      return uncut(head, 0);
    }
  }

  /** The content of a cell. */
  interface Cell {

    /** All of it. */
    String whole();

    /**
     * A shorter form.
     *
     * @param width the longest form in characters, as far as the cell can be cut
     */
    String fitted(int width);
  }

  /** A text whose middle is cut. */
  record Text(String whole) implements Cell {
    @Override
    public String fitted(int width) {
      return cut(whole, width);
    }
  }

  /** Creates a table of columns that are neither cut nor left out. */
  public TextColumns(List<String> head) {
    this.columns = head.stream().map(Column::fixed).toList();
  }

  private TextColumns(Column... columns) {
    this.columns = List.of(columns);
  }

  /** Creates a table of these columns. */
  public static TextColumns of(List<Column> columns) {
    return new TextColumns(columns.toArray(Column[]::new));
  }

  /** Adds a row of texts. */
  public void row(List<String> texts) {
    cells(texts.stream().map(Text::new).toList());
  }

  /** Adds a row. */
  void cells(List<? extends Cell> cells) {
    rows.add(List.copyOf(cells));
  }

  /** Renders all rows, one line each, as wide as they are. */
  public List<String> lines() {
    return lines(0);
  }

  /**
   * Renders all rows, one line each.
   *
   * @param width the longest line in characters, as far as cutting and leaving out allow; 0 for no
   *     limit
   */
  public List<String> lines(int width) {
    List<Integer> shown = new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
    int[] widths = widths(width);
    while (width > 0 && !shrink(widths, shown, width, Column::comfort)) {
      if (!leaveOut(shown)) {
        shrink(widths, shown, width, Column::least);
        break;
      }
      // The columns that are left get their full width again.
      widths = widths(width);
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            columns.stream().map(column -> new Text(column.head())).toList(),
            shown,
            widths,
            width));
    for (List<Cell> row : rows) {
      lines.add(line(row, shown, widths, width));
    }
    return lines;
  }

  private int[] widths(int limit) {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).head().length();
      for (List<Cell> row : rows) {
        int length = length(row.get(i).whole());
        widths[i] = Math.max(widths[i], limit > 0 ? length : Math.min(WIDEST, length));
      }
    }
    return widths;
  }

  /** Narrows the widest column that may be cut, until the line fits; false if it cannot. */
  private boolean shrink(
      int[] widths, List<Integer> shown, int width, ToIntFunction<Column> least) {
    int total = shown.stream().mapToInt(i -> widths[i]).sum() + GAP * (shown.size() - 1);
    while (total > width) {
      int widest =
          shown.stream()
              .filter(i -> widths[i] > least.applyAsInt(columns.get(i)))
              .max(Comparator.comparing(i -> widths[i]))
              .orElse(-1);
      if (widest < 0) {
        return false;
      }
      widths[widest]--;
      total--;
    }
    return true;
  }

  private boolean leaveOut(List<Integer> shown) {
    return shown.stream()
        .filter(i -> columns.get(i).use() > 0)
        .min(Comparator.comparing(i -> columns.get(i).use()))
        .map(shown::remove)
        .orElse(false);
  }

  private static String line(
      List<? extends Cell> row, List<Integer> shown, int[] widths, int width) {
    StringBuilder line = new StringBuilder();
    for (int i : shown) {
      String cell = width > 0 ? row.get(i).fitted(widths[i]) : row.get(i).whole();
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - length(cell)) + GAP));
    }
    return line.toString().stripTrailing();
  }

  /** Cuts the middle out of a text: both ends of a path say most. */
  static String cut(String text, int width) {
    int length = length(text);
    if (length <= width || width <= CUT.length()) {
      return text;
    }
    int kept = width - CUT.length();
    int head = kept / 2;
    int[] points = text.codePoints().toArray();
    return new String(points, 0, head)
        + CUT
        + new String(points, length - (kept - head), kept - head);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
