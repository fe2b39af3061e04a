package io.portcurfew.cli.text;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Silences;
import io.portcurfew.judge.Finding;
import io.portcurfew.output.VerdictJson;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The table of {@code alerts}. */
public final class AlertTable {

  private static final int LEAST_TEXT = 12;
  private static final int COMFORT = 45;

  private static final List<TextColumns.Column> COLUMNS =
      List.of(
          TextColumns.Column.fixed("STATE"),
          TextColumns.Column.fixed("SEVERITY"),
          TextColumns.Column.uncut("KIND", 1),
          new TextColumns.Column("RULE", LEAST_TEXT, LEAST_TEXT, 3),
          TextColumns.Column.fixed("SINCE"),
          TextColumns.Column.uncut("UNTIL", 2),
          new TextColumns.Column("WHAT", COMFORT, LEAST_TEXT, 0));

  private AlertTable() {}

  /**
   * Renders the head and the rows; every line ends with a newline.
   *
   * @param silences the active silences
   * @param width the width of the terminal in characters; 0 without a terminal
   */
  public static String of(List<Alert> alerts, Silences silences, int width) {
    TextColumns table = TextColumns.of(COLUMNS);
    alerts.forEach(alert -> table.cells(row(alert, silences)));
    return String.join("\n", table.lines(width)) + "\n";
  }

  private static List<TextColumns.Cell> row(Alert alert, Silences silences) {
    Instant endsAt = alert.endsAt();
    Finding finding = alert.finding();
    boolean silenced = endsAt == null && !silences.matching(finding).isEmpty();
    String state =
        alert.state().label()
            + (alert.notificationState().flapping() ? ", flapping" : "")
            + (silenced ? ", silenced" : "");
    return List.of(
        new TextColumns.Text(state),
        new TextColumns.Text(finding.severity().label()),
        new TextColumns.Text(finding.kind().label()),
        new TextColumns.Text(finding.rule()),
        new TextColumns.Text(VerdictJson.time(alert.startsAt())),
        new TextColumns.Text(endsAt == null ? "-" : VerdictJson.time(endsAt)),
        new Subject(finding.message().replaceAll("\\R", " "), finding.place()));
  }

  /**
   * The subject of an alert. A narrow column has the message without the owner, or the place alone,
   * so that no port is cut.
   */
  private record Subject(String whole, String place) implements TextColumns.Cell {
    @Override
    public String fitted(int width) {
      return Stream.of(whole, whole.replaceFirst("; held by .*", ""), place)
          .filter(text -> !text.isEmpty() && TextColumns.length(text) <= width)
          .findFirst()
          .orElseGet(() -> TextColumns.cut(whole, width));
    }
  }
}
