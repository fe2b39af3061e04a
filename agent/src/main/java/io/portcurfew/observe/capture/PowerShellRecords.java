package io.portcurfew.observe.capture;

import io.portcurfew.json.JsonText;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Converts the list ({@code Format-List}), the JSON ({@code ConvertTo-Json}) and the CSV of other
 * cultures ({@code Export-Csv -UseCulture}) of PowerShell to the CSV that {@code Export-Csv}
 * writes, with the columns that matter. The lines of the session come first.
 */
final class PowerShellRecords {

  private static final Pattern FIELD = Pattern.compile("([A-Z][A-Za-z]{1,40}) {0,40}: ?(.*)");
  private static final List<String> TCP =
      List.of("LocalAddress", "LocalPort", "State", "OwningProcess");
  private static final List<String> UDP = List.of("LocalAddress", "LocalPort", "OwningProcess");
  private static final List<String> NEEDED = List.of("LocalAddress", "LocalPort");

  private PowerShellRecords() {}

  /** Returns the records as CSV; empty if the text is neither, or if a part of it is not. */
  static Optional<String> csv(String text) {
    if (!text.contains("LocalPort")) {
      return Optional.empty();
    }
    List<String> all = Arrays.asList(text.split("\n", -1));
    String session =
        all.stream()
            .filter(PowerShellRecords::isSession)
            .map(line -> line + "\n")
            .collect(Collectors.joining());
    String body = all.stream().filter(line -> !isSession(line)).collect(Collectors.joining("\n"));
    // Without the prompt of the last line its line end is missing.
    String end = isSession(all.get(all.size() - 1)) ? "\n" : "";
    return records(body + end).map(csv -> session + csv);
  }

  private static boolean isSession(String line) {
    return SessionLine.parse(line.strip()).isPresent();
  }

  private static Optional<String> records(String text) {
    Optional<String> delimited =
        Stream.of(',', ';', '\t').flatMap(one -> delimited(text, one).stream()).findFirst();
    if (delimited.isPresent()) {
      return delimited;
    }
    String start = text.stripLeading();
    boolean json = start.startsWith("{") || start.startsWith("[");
    return (json ? json(text) : list(text))
        .filter(records -> !records.isEmpty())
        .flatMap(PowerShellRecords::csv);
  }

  /** Returns the same table with commas and quotes; empty if no line is the header of one. */
  private static Optional<String> delimited(String text, char delimiter) {
    List<String> lines = Arrays.asList(text.split("\n", -1));
    boolean header =
        lines.stream()
            .limit(100)
            .filter(line -> isOther(line, delimiter))
            .anyMatch(line -> cells(line, delimiter).containsAll(NEEDED));
    return header
        ? Optional.of(
            lines.stream().map(line -> quoted(line, delimiter)).collect(Collectors.joining("\n")))
        : Optional.empty();
  }

  /** True unless the parser reads it: quoted with commas, or columns with tabs between them. */
  private static boolean isOther(String line, char delimiter) {
    return delimiter == ';' || line.startsWith("\"") == (delimiter == '\t');
  }

  private static List<String> cells(String line, char delimiter) {
    return line.indexOf(delimiter) < 0
        ? List.of()
        : DelimitedText.record(line.stripTrailing(), delimiter);
  }

  private static String quoted(String line, char delimiter) {
    List<String> cells = cells(line, delimiter);
    boolean plain = cells.size() < 2 || cells.stream().anyMatch(cell -> cell.indexOf('"') >= 0);
    return plain
        ? line
        : "\"" + String.join("\",\"", cells) + "\"" + (line.endsWith("\r") ? "\r" : "");
  }

  private static Optional<List<Map<String, String>>> json(String text) {
    List<Map<String, String>> records = new ArrayList<>();
    try {
      for (Object value : JsonText.values(ByteText.decoded(text))) {
        for (Object one : value instanceof List<?> list ? list : List.of(value)) {
          if (!(one instanceof Map<?, ?> map)) {
            return Optional.empty();
          }
          Map<String, String> record = new LinkedHashMap<>();
          map.forEach((key, cell) -> record.put(String.valueOf(key), String.valueOf(cell)));
          records.add(record);
        }
      }
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    return Optional.of(records);
  }

  /** Reads records that an empty line ends. The last one needs it too, or it may be truncated. */
  private static Optional<List<Map<String, String>>> list(String text) {
    List<Map<String, String>> records = new ArrayList<>();
    Map<String, String> open = new LinkedHashMap<>();
    for (String line : (text.endsWith("\n") ? text + "\n" : text).lines().toList()) {
      Matcher field = FIELD.matcher(line.stripTrailing());
      if (line.isBlank()) {
        if (!open.isEmpty()) {
          records.add(open);
          open = new LinkedHashMap<>();
        }
      } else if (!field.matches() || open.put(field.group(1), field.group(2)) != null) {
        return Optional.empty();
      }
    }
    return open.isEmpty() ? Optional.of(records) : Optional.empty();
  }

  private static Optional<String> csv(List<Map<String, String>> records) {
    StringBuilder csv = new StringBuilder();
    List<String> columns = List.of();
    for (Map<String, String> record : records) {
      boolean tcp = record.containsKey("State") || record.containsKey("RemotePort");
      List<String> kind = tcp ? TCP : UDP;
      boolean whole = record.keySet().containsAll(tcp ? TCP : NEEDED);
      if (!whole || record.values().stream().anyMatch(value -> value.indexOf('"') >= 0)) {
        return Optional.empty();
      }
      if (!kind.equals(columns)) {
        columns = kind;
        csv.append(line(columns));
      }
      csv.append(line(columns.stream().map(column -> record.getOrDefault(column, "")).toList()));
    }
    return Optional.of(csv.toString());
  }

  private static String line(List<String> cells) {
    return "\"" + String.join("\",\"", cells) + "\"\n";
  }
}
