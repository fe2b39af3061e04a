package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what a spreadsheet or a report made of the output of a tool: CSV (RFC 4180) with commas,
 * semicolons or tabs, and tables of Markdown. A cell holds the whole output of a host, or one
 * column of a row.
 */
final class DelimitedText {

  private static final char[] DELIMITERS = {',', ';', '\t'};
  private static final int LEAST_COLUMNS = 4;

  /** A quote at the start of a cell. */
  private static final Pattern QUOTED_CELL = Pattern.compile("(?m)(?:^|[,;\\t])\"");

  private static final Pattern RULE = Pattern.compile("[|+: -]*-{3}[|+: -]*");
  private static final Pattern MARKDOWN_ESCAPE = Pattern.compile("\\\\([*_|\\[\\]\\\\])");
  private static final Pattern HOST = Pattern.compile("\\w[\\w.-]{0,252}");

  /** The other formats have a CSV of their own. */
  private static final Set<Format> TABLES =
      EnumSet.of(
          Format.SS,
          Format.LSOF,
          Format.SOCKSTAT,
          Format.NETSTAT_LINUX,
          Format.NETSTAT_MACOS,
          Format.NETSTAT_WINDOWS);

  private static final List<String> HOST_COLUMNS =
      List.of("host", "hostname", "server", "node", "name", "computername", "minion", "target");

  private DelimitedText() {}

  /** Returns the table without delimiters; the text itself if no row of it is a known header. */
  static String plain(String text) {
    List<String> lines = unquoted(Arrays.asList(text.split("\n", -1)));
    Optional<Character> delimiter =
        Stream.of(',', ';', '\t', '|').filter(one -> hasHeader(lines, one)).findFirst();
    if (delimiter.isEmpty()) {
      return String.join("\n", lines);
    }
    char found = delimiter.get();
    List<String> plain =
        lines.stream()
            .filter(line -> found != '|' || !RULE.matcher(line.strip()).matches())
            .map(line -> joined(line, found))
            .toList();
    return String.join("\n", plain);
  }

  /** Returns the lines without their quotes, if a header is among them: a CSV of one column. */
  private static List<String> unquoted(List<String> lines) {
    if (!lines.stream().allMatch(line -> line.isBlank() || isQuoted(line.stripTrailing()))) {
      return lines;
    }
    List<String> plain =
        lines.stream().map(line -> line.isBlank() ? line : record(line, '\0').get(0)).toList();
    return plain.stream().anyMatch(HostPrefixes::isHeader) ? plain : lines;
  }

  private static boolean isQuoted(String line) {
    return line.length() > 1 && line.startsWith("\"") && line.endsWith("\"");
  }

  private static boolean hasHeader(List<String> lines, char delimiter) {
    return lines.stream()
        .filter(line -> line.chars().filter(c -> c == delimiter).count() >= LEAST_COLUMNS - 1)
        .limit(100)
        .map(line -> joined(line, delimiter))
        .anyMatch(line -> TABLES.stream().anyMatch(format -> Header.is(format, line.strip())));
  }

  /** The columns of a line with two spaces between them, and its carriage return. */
  private static String joined(String line, char delimiter) {
    if (line.indexOf(delimiter) < 0) {
      return line;
    }
    List<String> cells = delimiter == '|' ? markdown(line) : record(line, delimiter);
    String plain = String.join("  ", cells.stream().map(String::strip).toList());
    return plain.stripTrailing() + (line.endsWith("\r") ? "\r" : "");
  }

  /** Returns the cells of a line; the line itself if it is malformed. */
  static List<String> record(String line, char delimiter) {
    return records(line, delimiter).map(all -> all.get(0)).orElse(List.of(line));
  }

  private static List<String> markdown(String line) {
    String inner = line.strip().replaceAll("^\\||\\|$", "");
    return Arrays.stream(inner.split("(?<!\\\\)\\|", -1))
        .map(cell -> MARKDOWN_ESCAPE.matcher(cell.strip().replace("`", "")).replaceAll("$1"))
        .toList();
  }

  /** Returns the hosts of a CSV whose cells are outputs; empty for any other text. */
  static List<HostCapture> hosts(String text) {
    if (!QUOTED_CELL.matcher(text).find()) {
      return List.of();
    }
    for (char delimiter : DELIMITERS) {
      Optional<List<List<String>>> records =
          records(text, delimiter).filter(DelimitedText::hasOutputs);
      if (records.isPresent()) {
        return hosts(records.get());
      }
    }
    return List.of();
  }

  private static boolean hasOutputs(List<List<String>> records) {
    long widths = records.stream().map(List::size).distinct().count();
    return widths == 1
        && records.stream().flatMap(List::stream).anyMatch(cell -> cell.strip().indexOf('\n') >= 0);
  }

  private static List<HostCapture> hosts(List<List<String>> records) {
    List<String> names =
        records.get(0).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    int named =
        HOST_COLUMNS.stream().mapToInt(names::indexOf).filter(at -> at >= 0).findFirst().orElse(0);
    List<HostCapture> hosts = new ArrayList<>();
    for (List<String> record : records) {
      String host = record.get(named);
      for (String cell : record) {
        if (cell.strip().indexOf('\n') >= 0) {
          String name = HOST.matcher(host).matches() ? host : null;
          hosts.add(new HostCapture(name, AnsibleLine.ended(cell), List.of()));
        }
      }
    }
    if (UnreadRows.anyIn(records.stream().flatMap(List::stream), hosts)) {
      hosts.add(new HostCapture(null, "", List.of("a cell beside the outputs has a row")));
    }
    return hosts;
  }

  /** Returns the records; empty if a quote is not closed, or stands within a cell. */
  private static Optional<List<List<String>>> records(String text, char delimiter) {
    List<List<String>> records = new ArrayList<>();
    List<String> record = new ArrayList<>();
    int at = 0;
    while (at <= text.length()) {
      boolean quoted = at < text.length() && text.charAt(at) == '"';
      int end = quoted ? closing(text, at) : end(text, at, delimiter);
      if (end < 0) {
        return Optional.empty();
      }
      String cell = text.substring(quoted ? at + 1 : at, end);
      record.add(quoted ? cell.replace("\"\"", "\"") : cell);
      at = quoted ? afterQuote(text, end) : end;
      if (at < text.length() && text.charAt(at) != delimiter && text.charAt(at) != '\n') {
        return Optional.empty();
      }
      if (at >= text.length() || text.charAt(at) == '\n') {
        records.add(List.copyOf(record));
        record.clear();
        if (at + 1 >= text.length()) {
          break;
        }
      }
      at++;
    }
    return Optional.of(records);
  }

  private static int end(String text, int start, char delimiter) {
    int at = start;
    while (at < text.length() && text.charAt(at) != delimiter && text.charAt(at) != '\n') {
      at++;
    }
    return at;
  }

  /** Returns the index of the closing quote, or -1. */
  private static int closing(String text, int opening) {
    int at = text.indexOf('"', opening + 1);
    while (at >= 0 && at + 1 < text.length() && text.charAt(at + 1) == '"') {
      at = text.indexOf('"', at + 2);
    }
    return at;
  }

  /** Returns the index after a closing quote and a carriage return. */
  private static int afterQuote(String text, int quote) {
    boolean carriage =
        text.startsWith("\r\n", quote + 1)
            || (quote + 2 == text.length() && text.charAt(quote + 1) == '\r');
    return quote + (carriage ? 2 : 1);
  }
}
