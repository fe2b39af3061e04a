package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of a capture without quote marks, common indentation, fences and the lines of a
 * terminal session.
 *
 * @param whole the lines; of a truncated line only the complete words
 * @param cut the truncated lines, unchanged
 * @param commands the commands that the session shows
 * @param watched true if it is a screen of {@code watch}
 */
record CaptureLines(List<String> whole, List<String> cut, List<String> commands, boolean watched) {

  private static final Pattern QUOTE = Pattern.compile("^(?:> ?){1,8}");

  /** Fences of Markdown, Jira, bulletin boards and pages. */
  private static final Pattern FENCE =
      Pattern.compile(
          "(?i)(?:-{4,}|#\\+(?:begin|end)_\\w{3,10}[^\\n]{0,40}|`{3,}[\\w{}.+"
              + " -]{0,40}|~{3,}\\w{0,20}|\\{(?:code|noformat)(?::[^}]{0,40})?}|\\[/?code]"
              + "|</?(?:pre|code)>(?:</?(?:pre|code)>)?)\\s*");

  /** Ends of rows that cannot be the beginning of a longer word. */
  private static final Pattern ENDED = Pattern.compile("(?s).*(?:[\\s)*]|\\sLISTEN(?:ING)?)");

  CaptureLines {
    whole = List.copyOf(whole);
    cut = List.copyOf(cut);
    commands = List.copyOf(commands);
  }

  /** Splits a text that a tool printed into lines. */
  static CaptureLines of(Format format, String text) {
    List<CaptureLine> all = lines(text);
    unquote(format, all);
    unfence(format, all);
    all.removeIf(line -> FENCE.matcher(line.text).matches());
    List<String> commands = new ArrayList<>();
    boolean watched = withoutSession(format, all, commands);
    if (format != Format.NETSTAT_WINDOWS) {
      dedent(all);
    }
    long crlf = all.stream().filter(line -> line.ended && line.carriage).count();
    long lf = all.stream().filter(line -> line.ended && !line.carriage).count();
    List<String> whole = new ArrayList<>();
    List<String> cut = new ArrayList<>();
    for (CaptureLine line : all) {
      boolean mayBeCut = !line.ended || (!line.carriage && crlf > lf);
      if (mayBeCut && !line.text.isBlank()) {
        cut.add(line.text);
        whole.add(withoutLastWord(line.text));
      } else {
        whole.add(line.text);
      }
    }
    return new CaptureLines(whole, cut, commands, watched);
  }

  /**
   * Removes the lines of a terminal session.
   *
   * @param commands receives the commands in them
   * @return true if the text is a screen of watch
   */
  private static boolean withoutSession(
      Format format, List<CaptureLine> all, List<String> commands) {
    boolean watched = all.stream().anyMatch(line -> SessionLine.isWatch(line.text));
    for (Iterator<CaptureLine> lines = all.iterator(); lines.hasNext(); ) {
      CaptureLine line = lines.next();
      line.text = SessionLine.withoutMarks(line.text);
      // A field of lsof is a letter and any text.
      boolean may =
          format != Format.LSOF_FIELDS || line.text.matches(".{0,200}\\blsof .*|Script .*");
      Optional<SessionLine> session = may ? SessionLine.parse(line.text) : Optional.empty();
      if (session.isPresent()) {
        lines.remove();
        Optional.ofNullable(session.get().command()).ifPresent(commands::add);
      }
    }
    return watched;
  }

  /** Returns the lines as one text, each with a line end. */
  byte[] text() {
    return ByteText.raw(whole.isEmpty() ? "" : String.join("\n", whole) + "\n");
  }

  private static List<CaptureLine> lines(String text) {
    List<CaptureLine> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      boolean ended = end >= 0;
      lines.add(new CaptureLine(text.substring(start, ended ? end : text.length()), ended));
      start = ended ? end + 1 : text.length();
    }
    return lines;
  }

  /**
   * Removes the quote marks if every line or the header has them. A process may name itself {@code
   * >}, but no user of the host controls all lines.
   */
  private static void unquote(Format format, List<CaptureLine> lines) {
    boolean all = lines.stream().allMatch(line -> line.isBlank() || line.text.startsWith(">"));
    boolean header =
        lines.stream()
            .anyMatch(line -> line.text.startsWith(">") && Header.is(format, unquoted(line.text)));
    if (all || header) {
      lines.forEach(line -> line.text = unquoted(line.text));
    }
  }

  /** Removes the fence directly before a header and at the end of the last line, as in Slack. */
  private static void unfence(Format format, List<CaptureLine> lines) {
    Optional<CaptureLine> header =
        lines.stream()
            .filter(line -> line.text.startsWith("```"))
            .filter(line -> Header.is(format, line.text.substring(3)))
            .findFirst();
    header.ifPresent(line -> line.text = line.text.substring(3));
    lines.stream()
        .filter(line -> header.isPresent() && !line.isBlank())
        .reduce((one, next) -> next)
        .filter(line -> line.text.endsWith("```"))
        .ifPresent(line -> line.text = line.text.substring(0, line.text.length() - 3));
  }

  private static String unquoted(String line) {
    Matcher quote = QUOTE.matcher(line);
    return quote.find() ? line.substring(quote.end()) : line;
  }

  private static void dedent(List<CaptureLine> lines) {
    int common =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> blanks(line.text))
            .min()
            .orElse(0);
    if (common > 0) {
      lines.forEach(line -> line.text = line.text.substring(Math.min(common, line.text.length())));
    }
  }

  private static int blanks(String line) {
    int at = 0;
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static String withoutLastWord(String line) {
    if (ENDED.matcher(line).matches()) {
      return line;
    }
    int at = line.length();
    while (at > 0 && line.charAt(at - 1) != ' ' && line.charAt(at - 1) != '\t') {
      at--;
    }
    return line.substring(0, at);
  }

  /** A line during reading. */
  private static final class CaptureLine {

    private String text;
    private final boolean ended;
    private final boolean carriage;

    CaptureLine(String raw, boolean ended) {
      int end = raw.length();
      while (end > 0 && raw.charAt(end - 1) == '\r') {
        end--;
      }
      this.text = raw.substring(0, end);
      this.carriage = end < raw.length();
      // A carriage return at the end of the text is the first half of a line end.
      this.ended = ended || carriage;
    }

    boolean isBlank() {
      return text.isBlank();
    }
  }
}
