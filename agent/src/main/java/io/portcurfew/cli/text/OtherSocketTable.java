package io.portcurfew.cli.text;

import io.portcurfew.judge.Judgement;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.SocketPlace;
import io.portcurfew.observe.UnknownOwner;
import java.util.ArrayList;
import java.util.List;

/** The table of sockets of other families than TCP and UDP. */
final class OtherSocketTable {

  private static final int LEAST_TEXT = 12;
  private static final int COMFORT = 34;

  private OtherSocketTable() {}

  /** Renders a heading and the rows; nothing if there is no socket. */
  static List<String> lines(List<OtherSocket> sockets, Judgement judgement, int width) {
    if (sockets.isEmpty()) {
      return List.of();
    }
    TextColumns table =
        TextColumns.of(
            List.of(
                TextColumns.Column.uncut("FAMILY", 3),
                new TextColumns.Column("PLACE", 24, LEAST_TEXT, 0),
                TextColumns.Column.fixed("VERDICT"),
                new TextColumns.Column("RULE", LEAST_TEXT, LEAST_TEXT, 2),
                new TextColumns.Column("OWNER", COMFORT, LEAST_TEXT, 0)));
    sockets.forEach(socket -> table.cells(row(socket, judgement)));
    List<String> lines = new ArrayList<>(List.of("", "Other sockets that take traffic:"));
    lines.addAll(table.lines(width));
    return lines;
  }

  private static List<TextColumns.Cell> row(OtherSocket socket, Judgement judgement) {
    SocketPlace place = socket.place();
    Ruling ruling = judgement.socketRulings().get(place);
    String whole = place.toString();
    String count = socket.count() > 1 ? " (" + socket.count() + ")" : "";
    String filter = Boolean.TRUE.equals(socket.filtered()) ? ", filtered" : "";
    return List.of(
        new TextColumns.Text(place.family().label()),
        new TextColumns.Text(
            whole.substring(place.family().label().length()).strip() + filter + count),
        new TextColumns.Text(ruling == null ? "-" : ruling.verdict().label()),
        new TextColumns.Text(ruling == null || ruling.rule() == null ? "-" : ruling.rule()),
        owners(socket));
  }

  /** The owners in short, and why one is not known. */
  static OwnerCell owners(OtherSocket socket) {
    UnknownOwner cause = socket.unknownOwner();
    String unknown = cause == null ? "unknown" : "unknown (" + cause.label() + ")";
    boolean all = cause == null && !socket.owners().isEmpty();
    return new OwnerCell(socket.owners(), all ? "" : unknown);
  }
}
