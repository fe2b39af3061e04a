package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Map;

/**
 * Parses the rows of the table {@code listening_ports} of osquery as JSON ({@code osqueryi
 * --json}), alone or joined with {@code processes} for a name. Numbers are in quotes: protocol 6 is
 * TCP and 17 is UDP (IANA). Port 0 is not an internet socket. The log of osqueryd has the rows of a
 * snapshot in {@code snapshot}, or one row in {@code columns}.
 */
final class Osquery implements Parser {

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    for (Object value : JsonRows.values(view, output)) {
      if (value instanceof List<?> rows) {
        view.understood();
        rows.forEach(row -> row(view, row));
      } else if (value instanceof Map<?, ?> log && log.get("snapshot") instanceof List<?> rows) {
        view.understood();
        rows.forEach(row -> row(view, row));
      } else if (value instanceof Map<?, ?> log && log.get("columns") instanceof Map<?, ?> row) {
        logged(view, JsonRows.text(log, "action"), row);
      } else {
        JsonRows.unreadable(view, "not a list of rows", value);
      }
    }
    return view.build(true);
  }

  /** Reads an event of the log. Differences leave out what was there before. */
  private static void logged(ViewBuilder view, String action, Map<?, ?> row) {
    if (!action.equals("snapshot")) {
      view.gap(Gap.What.LISTENERS, "its rows are differences: log a snapshot");
    }
    if (action.equals("removed")) {
      view.understood();
    } else {
      row(view, row);
    }
  }

  private static void row(ViewBuilder view, Object value) {
    if (!(value instanceof Map<?, ?> row)) {
      JsonRows.unreadable(view, "not a row", value);
      return;
    }
    String port = JsonRows.text(row, "port");
    String protocol = JsonRows.text(row, "protocol");
    boolean judged = protocol.equals("6") || protocol.equals("17");
    if (port.equals("0") || (!judged && ByteText.isNumber(protocol) && ByteText.isNumber(port))) {
      view.understood();
    } else if (!judged || JsonRows.port(port).isEmpty()) {
      JsonRows.unreadable(view, "no protocol and port", value);
    } else {
      List<Owner> owners =
          JsonRows.owner(JsonRows.text(row, "pid"), JsonRows.text(row, "name"), null);
      Protocol which = protocol.equals("6") ? Protocol.TCP : Protocol.UDP;
      int number = JsonRows.port(port).get();
      JsonRows.listener(view, which, JsonRows.text(row, "address"), number, owners, value);
    }
  }
}
