package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The host before each line of a file: pdsh, docker compose, fabric, kubectl, grep, GNU parallel.
 */
final class HostPrefixes {

  /** The first form that fits all lines counts. */
  private static final List<Pattern> FORMS =
      List.of(
          Pattern.compile("(?s)(\\w[\\w.-]{0,252}+):(?: (.*)|)"),
          Pattern.compile("(?s)(\\w[\\w.-]{0,252}+) +\\|(?: (.*)|)"),
          Pattern.compile(
              "(?s)(?:\\*\\* )?\\[(?:out :: )?(\\w[\\w./-]{0,252}+)](?: out:)?(?: (.*)|)"),
          Pattern.compile("(?s)([\\w./-]{0,252}[./][\\w-]{1,100}):(?!\\d{1,5}(?:\\s|\\z))(.*)"));

  /** A host and a tab, as GNU parallel prints it with --tag. */
  private static final Pattern TAG = Pattern.compile("(?s)(\\w[\\w.@-]{0,252}+)\\t(.*)");

  /** A message of pdsh and clush about a host. */
  private static final Pattern FAILED =
      Pattern.compile("(?:p?dsh@\\w[\\w.-]{0,252}|clush): (\\w[\\w.-]{0,252}+): (.*)");

  private HostPrefixes() {}

  /**
   * Returns a part for each line.
   *
   * @param ended true if the last line has a line end
   * @return empty if a line has no host before it
   */
  static List<HostCapture> hosts(List<String> lines, boolean ended) {
    return form(lines).map(form -> hosts(form, lines, ended)).orElse(List.of());
  }

  private static Optional<Pattern> form(List<String> lines) {
    List<String> filled =
        lines.stream().filter(line -> !line.isBlank() && !FAILED.matcher(line).matches()).toList();
    boolean ansible = filled.stream().anyMatch(line -> AnsibleLine.parse(line, true).isPresent());
    if (filled.size() < 2 || ansible) {
      return Optional.empty();
    }
    return Stream.concat(FORMS.stream(), isTagged(filled) ? Stream.of(TAG) : Stream.of())
        .filter(form -> filled.stream().allMatch(line -> form.matcher(line).matches()))
        .findFirst();
  }

  /** True if a header appears only behind the tags: a table may have tabs between its columns. */
  private static boolean isTagged(List<String> lines) {
    return lines.stream().allMatch(line -> TAG.matcher(line).matches())
        && lines.stream().noneMatch(HostPrefixes::isHeader)
        && lines.stream()
            .map(TAG::matcher)
            .anyMatch(tag -> tag.matches() && isHeader(tag.group(2)));
  }

  /** True if the line is a header of any format. */
  static boolean isHeader(String line) {
    return Arrays.stream(Format.values()).anyMatch(one -> Header.is(one, line));
  }

  private static List<HostCapture> hosts(Pattern form, List<String> lines, boolean ended) {
    List<HostCapture> hosts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher failed = FAILED.matcher(lines.get(i));
      Matcher prefix = form.matcher(lines.get(i));
      if (failed.matches()) {
        hosts.add(new HostCapture(failed.group(1), "", List.of(failed.group(2))));
      } else if (prefix.matches()) {
        String end = i + 1 < lines.size() || ended ? "\n" : "";
        String rest = Objects.requireNonNullElse(prefix.group(2), "");
        hosts.add(new HostCapture(prefix.group(1), rest + end, List.of()));
      }
    }
    return hosts;
  }
}
