package io.portcurfew.explain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A note about one port, in addition to the catalogue.
 *
 * @param title the heading
 * @param paragraphs plain text, one line each
 */
public record PortNote(String title, List<String> paragraphs) {

  public PortNote {
    paragraphs = List.copyOf(paragraphs);
  }

  /**
   * Reads {@code notes/PORT.txt} of the jar: a heading is a line that begins with {@code "# "}, a
   * paragraph is one line, blank lines are skipped.
   *
   * @return an empty list if the port has no such file
   */
  static List<PortNote> about(int port) {
    try (InputStream in = PortNote.class.getResourceAsStream("notes/" + port + ".txt")) {
      return in == null ? List.of() : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<PortNote> parse(String text) {
    return Stream.of(text.split("(?m)^# ", -1)).skip(1).map(PortNote::section).toList();
  }

  private static PortNote section(String text) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return new PortNote(lines.get(0), lines.subList(1, lines.size()));
  }
}
