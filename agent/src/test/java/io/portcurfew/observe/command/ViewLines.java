package io.portcurfew.observe.command;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.View;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads captures and formats views, one line per listener. */
public final class ViewLines {

  private ViewLines() {}

  /** Reads a capture by its path below the resources of this package. */
  static byte[] capture(String path) {
    try (InputStream in = ViewLines.class.getResourceAsStream(path)) {
      return Objects.requireNonNull(in, path).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static View read(Parser parser, String path) {
    return parser.parse("it", capture(path));
  }

  static View read(Parser parser, List<String> lines) {
    return parser.parse("it", String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns lines such as {@code tcp [::]:611 dual 4711(python3)}, sorted by endpoint. */
  public static List<String> listeners(View view) {
    return view.listeners().stream().map(ViewLines::line).toList();
  }

  static List<Endpoint> endpoints(View view) {
    return view.listeners().stream().map(Listener::endpoint).toList();
  }

  /** Returns all gaps except the number of listeners without an owner, which every view has. */
  public static List<String> gaps(View view) {
    return view.gaps().stream()
        .map(ViewLines::line)
        .filter(gap -> !gap.matches("OWNERS: it names no owner for \\d+ of \\d+ listeners?"))
        .toList();
  }

  private static String line(Gap gap) {
    return gap.what() + ": " + gap.why();
  }

  private static String line(Listener listener) {
    StringBuilder line = new StringBuilder(listener.endpoint().toString());
    if (listener.dualStack() != null) {
      line.append(listener.dualStack() ? " dual" : " v6only");
    }
    listener.owners().forEach(owner -> line.append(' ').append(line(owner)));
    return line.toString();
  }

  private static String line(Owner owner) {
    return owner.pid()
        + (owner.name() == null ? "" : "(" + owner.name() + ")")
        + (owner.user() == null ? "" : " of " + owner.user())
        + (owner.uid() == null ? "" : " of uid " + owner.uid());
  }
}
