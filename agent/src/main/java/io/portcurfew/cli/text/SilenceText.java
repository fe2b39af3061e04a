package io.portcurfew.cli.text;

import io.portcurfew.alert.Silence;
import io.portcurfew.output.VerdictJson;
import java.util.List;

/** Silences as text. */
public final class SilenceText {

  private static final int LEAST_TEXT = 12;

  private static final List<TextColumns.Column> COLUMNS =
      List.of(
          TextColumns.Column.fixed("ID"),
          TextColumns.Column.fixed("UNTIL"),
          new TextColumns.Column("BY", LEAST_TEXT, LEAST_TEXT, 1),
          TextColumns.Column.fixed("WHAT"),
          new TextColumns.Column("COMMENT", LEAST_TEXT, LEAST_TEXT, 0));

  private SilenceText() {}

  /** The alerts that a silence selects, as in {@code rule npmp-gui}. */
  public static String what(Silence silence) {
    return silence.rule() != null ? "rule " + silence.rule() : "endpoint " + silence.endpoint();
  }

  /**
   * Renders a table.
   *
   * @param width the width of the terminal in characters; 0 without a terminal
   */
  public static String table(List<Silence> silences, int width) {
    if (silences.isEmpty()) {
      return "There are no active silences.\n";
    }
    TextColumns columns = TextColumns.of(COLUMNS);
    silences.forEach(one -> columns.row(row(one)));
    return String.join("\n", columns.lines(width)) + "\n";
  }

  private static List<String> row(Silence one) {
    return List.of(
        one.id(), VerdictJson.time(one.endsAt()), one.author(), what(one), one.comment());
  }
}
