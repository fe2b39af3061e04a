package io.portcurfew.explain;

import io.portcurfew.explain.Catalogue.PortEntry;
import io.portcurfew.explain.Catalogue.Status;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code catalogue.csv}, whose first lines describe its format. It refuses every deviation,
 * so that a test finds mistakes in the shipped file.
 */
final class CatalogueReader {

  private static final String HEADER = "port|protocol|name|status|was|why|checked|source";
  private static final int LONGEST = 120;
  private static final Comparator<PortEntry> ORDER =
      Comparator.comparingInt(PortEntry::port).thenComparing(PortEntry::protocol);

  private CatalogueReader() {}

  /**
   * Reads the lines of the file.
   *
   * @throws IllegalStateException with the number of the wrong line
   */
  static List<PortEntry> read(List<String> lines) {
    List<PortEntry> entries = new ArrayList<>();
    boolean header = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      try {
        if (header) {
          entries.add(after(entries.isEmpty() ? null : entries.get(entries.size() - 1), line));
        } else if (!line.startsWith("#")) {
          require(line.equals(HEADER), "the header must be " + HEADER);
          header = true;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException("line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return entries;
  }

  private static PortEntry after(@Nullable PortEntry before, String line) {
    PortEntry entry = entry(line.split("\\|", -1));
    require(
        before == null || ORDER.compare(before, entry) < 0,
        "entries must be unique and ordered by port and protocol");
    return entry;
  }

  private static PortEntry entry(String[] fields) {
    require(fields.length == 8, "an entry must have 8 fields, not " + fields.length);
    for (String field : fields) {
      require(
          !field.isBlank() && field.equals(field.strip()),
          "a field is blank or begins or ends with a space");
    }
    return new PortEntry(
        port(fields[0]),
        protocol(fields[1]),
        fields[2],
        status(fields[3]),
        sentence(fields[4]),
        sentence(fields[5]),
        yes(fields[6]),
        fields[7]);
  }

  private static int port(String text) {
    require(text.matches("[1-9]\\d{0,4}"), "a port must be 1 to 65535, not " + text);
    int port = Integer.parseInt(text);
    require(port <= 65535, "a port must be 1 to 65535, not " + text);
    return port;
  }

  private static Protocol protocol(String text) {
    return Stream.of(Protocol.values())
        .filter(protocol -> protocol.label().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("a protocol must be tcp or udp, not " + text));
  }

  private static Status status(String text) {
    return Stream.of(Status.values())
        .filter(status -> status.label().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a status: " + text));
  }

  private static String sentence(String text) {
    require(Character.isLetter(text.charAt(0)), "a sentence must start with a letter: " + text);
    require(text.endsWith("."), "a sentence must end with a full stop: " + text);
    require(
        text.length() <= LONGEST,
        "a sentence must have at most " + LONGEST + " characters: " + text);
    return text;
  }

  private static boolean yes(String text) {
    require(text.equals("yes") || text.equals("no"), "checked must be yes or no, not " + text);
    return text.equals("yes");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
