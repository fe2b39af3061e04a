package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Divides a text into the sections of its hosts. It knows the marks {@code == host ==} and {@code
 * ==> host <==} (head, tail), the output of ansible and ansible-playbook, pssh, dshbak, clush and
 * salt, and prompts that name several hosts.
 */
final class SectionReader {

  private static final Pattern MARK =
      Pattern.compile("([=*#-])\\1++>? ?+([^\\s=*#<>/-][^\\s<>=]{0,252}?) ?<?\\1{2,}+\\s*+");

  /** A host mark as pssh prints it. */
  private static final Pattern PSSH =
      Pattern.compile(
          "\\[\\d{1,6}] \\d\\d:\\d\\d:\\d\\d \\[(SUCCESS|FAILURE)] (\\S{1,253})(?: (.*))?+");

  private static final Pattern RULE = Pattern.compile("(?:-{5,}+|:{10,}+)\\s*+");

  /** A name or a set of names: {@code web[1-3],db (4)}. */
  private static final Pattern NAME =
      Pattern.compile("\\w[\\w.\\[\\],-]{0,252}+(?: \\(\\d{1,5}\\))?+\\s*+");

  private static final Pattern SALT = Pattern.compile("(\\w[\\w.-]{0,252}+):\\s*+");

  /** A title in Markdown, or a comment with nothing but a name. */
  private static final Pattern TITLE =
      Pattern.compile(
          "(?:#{1,6} |>>>"
              + " ?|\\*\\*|\\[)([\\w][\\w-]{0,200}(?:\\.[\\w-]{1,60}){0,8}+)(?:\\*\\*|])?:?\\s*+");

  /** A name alone in a line, as {@code echo $host} prints it before the output of the host. */
  private static final Pattern BARE =
      Pattern.compile(
          "(?:(?i:host|hostname|server|node):? |[=#*-]{1,10} ?)?(\\w[\\w.-]{0,252}+):?\\s*+");

  /** The line of {@code uname -a}. */
  private static final Pattern UNAME =
      Pattern.compile(
          "(?:Linux|Darwin|FreeBSD) ([\\w.-]{1,253}) \\d[\\w.+~-]{1,80} [#A-Z].{1,200}");

  private static final Pattern WARNING =
      Pattern.compile("(?s)\\s*\\[(?:DEPRECATION )?WARNING]: .{1,2000}");

  private final List<String> lines;
  private final List<HostCapture> found = new ArrayList<>();
  private HostCapture open = new HostCapture(null, "", List.of());
  private final StringBuilder text = new StringBuilder();
  private final boolean ended;
  private final boolean prompts;
  private int at;

  private SectionReader(String text) {
    lines = text.lines().toList();
    ended = isEnded(text);
    prompts =
        lines.stream().map(SessionLine::host).flatMap(Optional::stream).distinct().count() > 1;
  }

  /** Returns the sections in order; a part before the first mark has no name. */
  static List<HostCapture> sections(String text) {
    SectionReader reader = new SectionReader(text);
    reader.divide();
    return reader.withPreamble();
  }

  /** True if the last line of a text has a line end. */
  static boolean isEnded(String text) {
    return text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
  }

  /** Returns the parts, with the lines of a session before the first host in each of them. */
  private List<HostCapture> withPreamble() {
    HostCapture first = found.isEmpty() ? open : found.get(0);
    boolean session =
        found.size() > 1
            && first.host() == null
            && first.problems().isEmpty()
            && first.text().lines().allMatch(SectionReader::isSession);
    return session
        ? found.stream()
            .skip(1)
            .map(part -> new HostCapture(part.host(), first.text() + part.text(), part.problems()))
            .toList()
        : found;
  }

  private static boolean isSession(String line) {
    return line.isBlank() || SessionLine.parse(line).isPresent();
  }

  private void divide() {
    while (at < lines.size()) {
      String line = lines.get(at);
      at++;
      if (!mark(line)) {
        text.append(line).append(at < lines.size() || ended ? "\n" : "");
      }
    }
    close();
  }

  private void close() {
    boolean part = open.host() != null || !text.toString().isBlank();
    if (part && !isWarning()) {
      found.add(new HostCapture(open.host(), open.text() + text, open.problems()));
    }
    text.setLength(0);
  }

  /** True for a warning of ansible before the first host. */
  private boolean isWarning() {
    return open.host() == null
        && WARNING.matcher(text).matches()
        && text.toString().lines().noneMatch(UnreadRows::isRow);
  }

  private void open(HostCapture next) {
    close();
    open = next;
  }

  private boolean mark(String line) {
    if (line.length() < 3 || !SessionLine.withoutMarks(line).equals(line)) {
      return false;
    }
    if (PlayOutput.isBanner(line)) {
      open(new HostCapture(null, "", List.of()));
      return true;
    }
    Matcher mark = MARK.matcher(line);
    Matcher title = TITLE.matcher(line);
    Matcher salt = SALT.matcher(line);
    Matcher pssh = PSSH.matcher(line);
    if (mark.matches()) {
      open(new HostCapture(mark.group(2), "", List.of()));
    } else if (title.matches() && !line.endsWith(".exe]") && SessionLine.parse(line).isEmpty()) {
      open(new HostCapture(title.group(1), "", List.of()));
    } else if (pssh.matches()) {
      boolean failed = pssh.group(1).equals("FAILURE");
      List<String> problems = failed ? List.of("pssh says FAILURE: " + pssh.group(3)) : List.of();
      open(new HostCapture(pssh.group(2), failed ? "" : below(pssh.group(3)), problems));
    } else if (salt.matches() && at < lines.size() && lines.get(at).startsWith("    ")) {
      open(new HostCapture(salt.group(1), "", List.of()));
    } else if (prompts && SessionLine.host(line).isPresent()) {
      open(new HostCapture(SessionLine.host(line).get(), line + "\n", List.of()));
    } else if (bare(line).isPresent()) {
      open(new HostCapture(bare(line).get(), "", List.of()));
    } else if (isDshbak(line)) {
      open(new HostCapture(lines.get(at).trim(), "", List.of()));
      at += 2;
    } else {
      return ansible(line);
    }
    return true;
  }

  /** Returns a name directly before a table. */
  private Optional<String> bare(String line) {
    return Stream.of(BARE, UNAME)
        .map(form -> form.matcher(line))
        .filter(Matcher::matches)
        .map(name -> name.group(1))
        .findFirst()
        .filter(name -> isTable());
  }

  /** True if the next line with a text begins a table. */
  private boolean isTable() {
    String next =
        lines.subList(at, lines.size()).stream()
            .filter(below -> !below.isBlank())
            .findFirst()
            .orElse("");
    return next.startsWith("Active ") || HostPrefixes.isHeader(next);
  }

  /** A text that follows a mark in its line is the first line of the output. */
  private static String below(@Nullable String rest) {
    return rest == null || rest.isBlank() ? "" : rest + "\n";
  }

  private boolean isDshbak(String line) {
    return at + 1 < lines.size()
        && RULE.matcher(line).matches()
        && NAME.matcher(lines.get(at)).matches()
        && RULE.matcher(lines.get(at + 1)).matches();
  }

  private boolean ansible(String line) {
    Optional<PlayOutput.PlayResult> played = PlayOutput.result(line);
    if (played.isPresent()) {
      play(played.get());
      return true;
    }
    return AnsibleLine.parse(line, at < lines.size() || ended)
        .map(
            result -> {
              if (result.json() != null) {
                String json = result.json() + jsonBelow(result.json());
                close();
                open = new HostCapture(null, "", List.of());
                found.addAll(AnsibleJson.result(result.host(), json));
              } else {
                open(new HostCapture(result.host(), result.text(), result.problems()));
              }
              return true;
            })
        .orElse(false);
  }

  private void play(PlayOutput.PlayResult result) {
    open(new HostCapture(null, "", List.of()));
    if (result.isJson()) {
      String json = result.below() + jsonBelow(result.below());
      if (!printed(result)) {
        found.addAll(AnsibleJson.result(result.host(), json));
      }
      return;
    }
    int start = at;
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith(" "))) {
      at++;
    }
    boolean cut = at == lines.size() && at > start && !ended;
    found.addAll(PlayOutput.yaml(result, lines.subList(start, cut ? at - 1 : at)));
    if (cut) {
      found.add(new HostCapture(result.host(), "", List.of(HostSections.CUT)));
    }
  }

  /** Opens the output below a result, as the callback debug prints it; false if there is none. */
  private boolean printed(PlayOutput.PlayResult result) {
    int next = at;
    while (next < lines.size() && lines.get(next).isBlank()) {
      next++;
    }
    if (next == lines.size() || !lines.get(next).equals("STDOUT:")) {
      return false;
    }
    at = next + 1;
    List<String> problems = result.failed() ? List.of("ansible says failed") : List.of();
    open(new HostCapture(result.host(), "", problems));
    return true;
  }

  /** Returns the following lines of a JSON object, up to its closing brace. */
  private String jsonBelow(String first) {
    StringBuilder json = new StringBuilder();
    boolean closed = first.trim().length() > 1;
    while (!closed && at < lines.size()) {
      closed = lines.get(at).trim().equals("}") && lines.get(at).startsWith("}");
      json.append('\n').append(lines.get(at));
      at++;
    }
    return json.toString();
  }
}
