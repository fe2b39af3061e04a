package io.portcurfew.observe.command;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.View;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the rows of ss. ss prints names unescaped: a line that is not a whole row continues the
 * users of the previous row, and the rest of it becomes a gap.
 */
public final class Ss implements Parser {

  /** Messages about control groups (iproute2, lib/fs.c): only a detail of a row is missing. */
  private static final Pattern MESSAGE =
      Pattern.compile("Failed to (?:find cgroup2 mount|open cgroup2 by ID)\\s*+");

  @Override
  public View parse(String source, byte[] output) {
    ViewBuilder view = new ViewBuilder(source);
    Rows rows = new Rows(view);
    ByteText.eachLine(output, rows::line);
    rows.endRow();
    boolean old = SsSocket.isOld(rows.sockets);
    rows.sockets.forEach(socket -> socket.addTo(view, old));
    rows.reportUnasked();
    return view.build(true);
  }

  static boolean isMessage(String line) {
    return MESSAGE.matcher(line).matches();
  }

  /** Combines lines into rows. */
  private static final class Rows {

    private final ViewBuilder view;
    private final List<SsSocket> sockets = new ArrayList<>();
    private final StringBuilder more = new StringBuilder();
    private @Nullable SsRow row;
    private boolean inUsers;
    private boolean headerOfOneKind;
    private boolean otherKinds;

    Rows(ViewBuilder view) {
      this.view = view;
    }

    void line(String line) {
      Optional<SsRow> next = SsRow.parse(line);
      if (next.isPresent()) {
        endRow();
        row = next.get();
        more.append(row.rest());
        inUsers = SsUsers.begin(row.rest());
      } else if (Header.is(Format.SS, line)) {
        endRow();
        view.understood();
        headerOfOneKind |= line.trim().startsWith("State");
      } else {
        goOn(line);
      }
    }

    /**
     * Adds a continuation: part of a name that contains a line end, or an indented line that did
     * not fit a terminal.
     */
    private void goOn(String line) {
      boolean indented = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
      if (row != null && (inUsers || indented)) {
        inUsers |= SsUsers.begin(line);
        more.append('\n').append(line);
      } else if (!line.isBlank() && !isMessage(line)) {
        view.unreadable("not a row of ss", ByteText.raw(line));
      }
    }

    void endRow() {
      if (row != null) {
        otherKinds |= row.isOther();
        SsSocket.of(row, more.toString(), view).ifPresent(sockets::add);
      }
      row = null;
      more.setLength(0);
      inUsers = false;
    }

    /**
     * Adds a gap if the options hide listeners. For one kind of socket ss omits the first column;
     * without -l it shows only connected sockets.
     */
    void reportUnasked() {
      long kinds =
          sockets.stream()
              .filter(socket -> socket.row().netid() == null)
              .map(socket -> socket.row().transport())
              .distinct()
              .count();
      if (kinds == 1 || (headerOfOneKind && kinds == 0)) {
        view.gap(Gap.What.LISTENERS, "it shows only tcp or only udp: run it with -t and -u");
      }
      boolean others = otherKinds || !sockets.isEmpty();
      if (others && sockets.stream().noneMatch(socket -> socket.row().listens())) {
        view.gap(Gap.What.LISTENERS, "no socket of tcp or udp listens in it: run it with -ltu");
      }
    }
  }
}
