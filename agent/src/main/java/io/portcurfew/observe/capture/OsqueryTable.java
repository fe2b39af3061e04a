package io.portcurfew.observe.capture;

import io.portcurfew.json.Json;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Converts the other outputs of osqueryi to its JSON: the table, {@code --csv} ({@code |} between
 * the cells, or what a spreadsheet made of it), {@code --list} and {@code --line}.
 */
final class OsqueryTable {

  private static final Pattern RULE = Pattern.compile("\\+(?:-{2,}\\+)+\\s*+");
  private static final Pattern FIELD = Pattern.compile("\\s*([a-z_]{2,40}) = (.*)");

  /** The prompt of osqueryi, alone or with a query for all rows. */
  private static final Pattern PROMPT =
      Pattern.compile("(?i)osquery> ?(?:select [\\w*, ]{1,200} from listening_ports ?;)?\\s*+");

  private static final List<String> NEEDED = List.of("port", "protocol", "address");

  private OsqueryTable() {}

  /** Returns the rows as JSON; empty if the text is none of these or is not whole. */
  static Optional<String> json(String text) {
    List<String> lines =
        text.lines()
            .filter(line -> !RULE.matcher(line).matches() && !PROMPT.matcher(line).matches())
            .toList();
    if (!text.endsWith("\n") || lines.isEmpty()) {
      return Optional.empty();
    }
    boolean records = lines.stream().anyMatch(line -> FIELD.matcher(line).matches());
    return (records ? records(lines) : table(lines))
        .filter(rows -> !rows.isEmpty())
        .map(rows -> ByteText.encoded(Json.pretty(rows)));
  }

  /** True if a line is the header of a table, or a field. */
  static boolean looksLikeIt(String text) {
    List<String> lines = text.lines().limit(20).toList();
    return lines.stream().anyMatch(line -> cells(line).containsAll(NEEDED))
        || NEEDED.stream()
            .allMatch(
                name -> lines.stream().anyMatch(line -> line.strip().startsWith(name + " = ")));
  }

  private static List<String> cells(String line) {
    String row = line.strip();
    boolean framed = row.startsWith("|") && row.endsWith("|") && row.length() > 1;
    String inner = framed ? row.substring(1, row.length() - 1) : row;
    String separator = Stream.of("|", ";", "\t").filter(inner::contains).findFirst().orElse(",");
    List<String> cells = new ArrayList<>();
    for (String cell : inner.split(Pattern.quote(separator), -1)) {
      String plain = cell.strip();
      boolean quoted = plain.length() > 1 && plain.startsWith("\"") && plain.endsWith("\"");
      cells.add(quoted ? plain.substring(1, plain.length() - 1) : plain);
    }
    return cells;
  }

  private static Optional<List<Map<String, Object>>> table(List<String> lines) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> columns = cells(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      if (cells.size() != columns.size()) {
        return Optional.empty();
      }
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        row.put(columns.get(i), ByteText.decoded(cells.get(i)));
      }
      rows.add(row);
    }
    return columns.containsAll(NEEDED) ? Optional.of(rows) : Optional.empty();
  }

  private static Optional<List<Map<String, Object>>> records(List<String> lines) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, Object> row = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher field = FIELD.matcher(line);
      if (line.isBlank()) {
        row = new LinkedHashMap<>();
      } else if (!field.matches()
          || row.put(field.group(1), ByteText.decoded(field.group(2).strip())) != null) {
        return Optional.empty();
      } else if (row.size() == 1) {
        rows.add(row);
      }
    }
    boolean same = rows.stream().map(Map::keySet).distinct().count() == 1;
    return same && rows.get(0).keySet().containsAll(NEEDED) ? Optional.of(rows) : Optional.empty();
  }
}
