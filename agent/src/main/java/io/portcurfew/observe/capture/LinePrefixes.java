package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Removes the text that a tool added before every line: numbers (cat -n, grep -n), times (ts,
 * journalctl, docker logs -t), and the name of one file (grep -H).
 *
 * <p>A prefix counts only if all lines have it. A process may name itself like a prefix, but no
 * user of the host controls all lines.
 */
final class LinePrefixes {

  private static final String CLOCK = "\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?";
  private static final String DAY =
      "(?:[A-Z][a-z]{2} )?\\d{4}-\\d\\d-\\d\\d[T ]"
          + CLOCK
          + "(?:Z| ?[+-]\\d\\d:?\\d\\d| (?:UTC|GMT|[A-Z]{1,3}T))?";
  private static final String SYSLOG_DAY = "[A-Z][a-z]{2} [ \\d]\\d " + CLOCK;

  /** Seconds since 1970, or since the start of the kernel (journalctl -o short-unix, ts %.s). */
  private static final String SECONDS = "\\d{10}(?:[.,]\\d{1,9})?";

  private static final String UPTIME = " {0,8}\\d{1,8}\\.\\d{6}";
  private static final String TIME =
      "(?:" + DAY + "|" + SYSLOG_DAY + "|" + CLOCK + "|" + SECONDS + ")";

  /** The host and the program of the journal; the stream of the kubelet's log. */
  private static final String WRITER =
      "(?: [\\w.-]{1,253} [\\w@./-]{1,64}(?:\\[\\d{1,10}])?:| std(?:out|err) [FP]| (?:DEBUG|INFO|NOTICE|WARN(?:ING)?))?";

  private static final Pattern STAMP =
      Pattern.compile(
          "(?:\\[(?:" + TIME + "|" + UPTIME + ")]|" + TIME + ")(" + WRITER + ")(?:[ \\t]|\\z)");

  /** The mark of a comment or of a difference. */
  private static final Pattern MARK = Pattern.compile("([#+;!|]|//) ?");

  private static final Pattern NUMBER =
      Pattern.compile("(?: {0,8}|\\[)(\\d{1,7})(?:\\t|: ?|]| {1,2})");

  /** Lines that journalctl adds between those of the journal. */
  private static final Pattern JOURNAL =
      Pattern.compile("(?m)^-- (?:Journal begins|Logs begin) at [\\w :,.-]{1,120} --$");

  /** The table of a kernel, or another file with a dot or a slash in its name. */
  private static final Pattern FILE =
      Pattern.compile("(?:\\S{0,80}/net/(?:tcp|udp)6?|(\\S{0,80}[./]\\S{1,80}?)):(?! ?\\d+:)");

  /** A file and the number of the line (grep -Hn). */
  private static final int MOST = 4;

  private LinePrefixes() {}

  /**
   * Returns the text without prefixes, and a problem if the numbers show that lines are missing.
   */
  static HostCapture removed(String text) {
    String rest = JOURNAL.matcher(text).replaceAll("");
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      List<String> lines = List.of(rest.split("\n", -1));
      Optional<String> next = once(lines);
      if (next.isEmpty()) {
        break;
      }
      firstMissing(lines).ifPresent(line -> problems.add("line " + line + " is missing"));
      rest = next.get();
    }
    return new HostCapture(null, rest, problems);
  }

  /** Returns the first number that is left out, if every line has a larger number than the last. */
  private static Optional<Integer> firstMissing(List<String> lines) {
    List<Integer> numbers = numbers(lines);
    boolean numbered =
        numbers.size() == lines.stream().filter(line -> !line.isBlank()).count()
            && increases(lines);
    return IntStream.range(1, numbered ? numbers.size() : 0)
        .filter(i -> numbers.get(i) != numbers.get(i - 1) + 1)
        .mapToObj(i -> numbers.get(i - 1) + 1)
        .findFirst();
  }

  private static List<Integer> numbers(List<String> lines) {
    return lines.stream()
        .map(NUMBER::matcher)
        .filter(Matcher::lookingAt)
        .map(number -> Integer.valueOf(number.group(1)))
        .toList();
  }

  private static Optional<String> once(List<String> lines) {
    return removed(lines, STAMP, true)
        .or(() -> removed(lines, FILE, true))
        .or(() -> removed(lines, MARK, true))
        .or(() -> increases(lines) ? removed(lines, NUMBER, false) : Optional.empty())
        .or(() -> withoutCommonStart(lines));
  }

  /**
   * Removes a prefix that all lines have.
   *
   * @param same true if its first group must be equal in all lines
   */
  private static Optional<String> removed(List<String> lines, Pattern prefix, boolean same) {
    List<String> rest = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String line : lines) {
      Matcher found = prefix.matcher(line);
      if (found.lookingAt()) {
        rest.add(line.substring(found.end()));
        names.add(String.valueOf(found.group(1)));
      } else if (line.isBlank()) {
        rest.add(line);
      } else {
        return Optional.empty();
      }
    }
    boolean useful = same ? names.size() == 1 : names.size() > 1;
    return useful ? Optional.of(String.join("\n", rest)) : Optional.empty();
  }

  /**
   * Removes words that all lines begin with, if a header appears behind them: the name of a step or
   * of a host, the mark of a list.
   */
  private static Optional<String> withoutCommonStart(List<String> lines) {
    List<String> filled = lines.stream().filter(line -> !line.isBlank()).toList();
    boolean known =
        filled.stream().anyMatch(HostPrefixes::isHeader)
            || !HostPrefixes.hosts(filled, true).isEmpty();
    if (filled.size() < 2 || known) {
      return Optional.empty();
    }
    String start = filled.stream().reduce(LinePrefixes::commonStart).orElse("");
    int length = start.lastIndexOf(' ') + 1;
    boolean header =
        !start.substring(0, length).isBlank()
            && filled.stream().anyMatch(line -> HostPrefixes.isHeader(line.substring(length)));
    return header
        ? Optional.of(
            lines.stream()
                .map(line -> line.isBlank() ? line : line.substring(length))
                .collect(Collectors.joining("\n")))
        : Optional.empty();
  }

  private static String commonStart(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return one.substring(0, at);
  }

  private static boolean increases(List<String> lines) {
    List<Integer> numbers = numbers(lines);
    return !numbers.isEmpty()
        && IntStream.range(1, numbers.size()).allMatch(i -> numbers.get(i) > numbers.get(i - 1));
  }
}
