package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.NetstatRows;
import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds rows in the strings of JSON, YAML or CSV that no output of a host contains. */
final class UnreadRows {

  private static final Pattern ROW =
      Pattern.compile(
          "(?i)\\b(?:tcp|udp)(?:4|6|46)?\\s.*[:.](?:\\d{1,5}|\\*)(?:\\s|\\z)|\\bLISTEN\\s+\\d");

  private UnreadRows() {}

  /** True if a line looks like a row. */
  static boolean isRow(String line) {
    return line.length() > NetstatRows.LONGEST || ROW.matcher(line).find();
  }

  /** True if a string in values of JSON or YAML has a row that no text of the hosts has. */
  static boolean anyInValues(Object values, List<HostCapture> hosts) {
    return anyIn(texts(values).map(ByteText::encoded), hosts);
  }

  /** True if a text has a row that no text of the hosts has. */
  static boolean anyIn(Stream<String> texts, List<HostCapture> hosts) {
    Set<String> read =
        hosts.stream()
            .flatMap(host -> host.text().lines())
            .map(String::strip)
            .collect(Collectors.toSet());
    return texts
        .flatMap(String::lines)
        .map(String::strip)
        .anyMatch(line -> isRow(line) && !read.contains(line));
  }

  private static Stream<String> texts(Object value) {
    if (value instanceof String text) {
      return Stream.of(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().flatMap(UnreadRows::texts);
    }
    return value instanceof Map<?, ?> map
        ? map.values().stream().flatMap(UnreadRows::texts)
        : Stream.empty();
  }
}
