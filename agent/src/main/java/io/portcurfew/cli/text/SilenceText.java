package io.portcurfew.cli.text;

import io.portcurfew.alert.Silence;
import io.portcurfew.output.VerdictJson;
import java.util.List;

/** Silences as text. */
public final class SilenceText {

  private static final List<String> HEAD = List.of("ID", "UNTIL", "BY", "WHAT", "COMMENT");

  private SilenceText() {}

  /** The alerts that a silence selects, as in {@code rule npmp-gui}. */
  public static String what(Silence silence) {
    return silence.rule() != null ? "rule " + silence.rule() : "endpoint " + silence.endpoint();
  }

  /** Renders a table. */
  public static String table(List<Silence> silences) {
    if (silences.isEmpty()) {
      return "There are no active silences.\n";
    }
    TextColumns columns = new TextColumns(HEAD);
    silences.forEach(one -> columns.row(row(one)));
    return String.join("\n", columns.lines()) + "\n";
  }

  private static List<String> row(Silence one) {
    return List.of(
        one.id(), VerdictJson.time(one.endsAt()), one.author(), what(one), one.comment());
  }
}
