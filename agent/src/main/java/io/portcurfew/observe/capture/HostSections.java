package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import io.portcurfew.observe.command.Header;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Divides a file into hosts. It knows the marks {@code == host ==} and {@code ==> host <==} (head,
 * tail), the output of ansible and ansible-playbook, pssh, dshbak, clush and salt, and the host
 * before each line (pdsh, docker compose, fabric, kubectl, grep).
 */
public final class HostSections {

  private static final Pattern MARK =
      Pattern.compile("([=*#-])\\1++>? ?+([^\\s=*#<>/-][^\\s<>=]{0,252}?) ?<?\\1{2,}+\\s*+");

  /** A host mark as pssh prints it. */
  private static final Pattern PSSH =
      Pattern.compile(
          "\\[\\d{1,6}] \\d\\d:\\d\\d:\\d\\d \\[(SUCCESS|FAILURE)] (\\S{1,253})(?: (.*))?+");

  private static final Pattern RULE = Pattern.compile("-{5,}+\\s*+");

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

  /** A host before a line; the first that fits all lines counts. */
  private static final List<Pattern> PREFIXES =
      List.of(
          Pattern.compile("(\\w[\\w.-]{0,252}+):(?: (.*)|)"),
          Pattern.compile("(\\w[\\w.-]{0,252}+) +\\|(?: (.*)|)"),
          Pattern.compile("(?:\\*\\* )?\\[(?:out :: )?(\\w[\\w./-]{0,252}+)](?: out:)?(?: (.*)|)"),
          Pattern.compile("([\\w./-]{0,252}[./][\\w-]{1,100}):(?!\\d)(.*)"));

  /** A message of pdsh and clush about a host. */
  private static final Pattern FAILED =
      Pattern.compile("(?:p?dsh@\\w[\\w.-]{0,252}|clush): (\\w[\\w.-]{0,252}+): (.*)");

  private final List<String> lines;
  private final List<HostCapture> found = new ArrayList<>();
  private HostCapture open = new HostCapture(null, "", List.of());
  private final StringBuilder text = new StringBuilder();
  private final boolean ended;
  private int at;

  private HostSections(String text) {
    lines = text.lines().toList();
    ended = text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
  }

  /** Returns the hosts of a file, in order; one without a name if the file has no host marks. */
  public static List<HostCapture> of(String file) {
    if (AnsibleJson.looksLikeIt(file)) {
      List<HostCapture> hosts = AnsibleJson.hosts(null, file);
      if (!hosts.isEmpty()) {
        return merged(hosts);
      }
    }
    String text = LinePrefixes.removed(file);
    HostSections sections = new HostSections(text);
    Optional<Pattern> prefix = sections.prefix();
    if (prefix.isPresent()) {
      return merged(sections.prefixed(prefix.get()));
    }
    sections.divide();
    List<HostCapture> found = sections.found;
    boolean none = found.stream().allMatch(part -> part.host() == null);
    return none ? List.of(new HostCapture(null, text, List.of())) : merged(found);
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
    if (open.host() != null || !text.toString().isBlank()) {
      found.add(new HostCapture(open.host(), open.text() + text, open.problems()));
    }
    text.setLength(0);
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
      open(new HostCapture(pssh.group(2), "", problems));
    } else if (salt.matches() && at < lines.size() && lines.get(at).startsWith("    ")) {
      open(new HostCapture(salt.group(1), "", List.of()));
    } else if (isBare(line)) {
      open(new HostCapture(line.replaceFirst(BARE.pattern(), "$1"), "", List.of()));
    } else if (isDshbak(line)) {
      open(new HostCapture(lines.get(at).trim(), "", List.of()));
      at += 2;
    } else {
      return ansible(line);
    }
    return true;
  }

  /** True for a name directly before a table. */
  private boolean isBare(String line) {
    return at < lines.size()
        && BARE.matcher(line).matches()
        && (lines.get(at).startsWith("Active ")
            || Arrays.stream(Format.values()).anyMatch(one -> Header.is(one, lines.get(at))));
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
      found.addAll(AnsibleJson.result(result.host(), result.below() + jsonBelow(result.below())));
      return;
    }
    int start = at;
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith(" "))) {
      at++;
    }
    PlayOutput.yaml(result, lines.subList(start, at)).ifPresent(found::add);
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

  /** Returns the form of the host before each line; empty if a line has none. */
  private Optional<Pattern> prefix() {
    List<String> filled =
        lines.stream().filter(line -> !line.isBlank() && !FAILED.matcher(line).matches()).toList();
    boolean ansible = filled.stream().anyMatch(line -> AnsibleLine.parse(line, true).isPresent());
    return filled.size() < 2 || ansible
        ? Optional.empty()
        : PREFIXES.stream()
            .filter(form -> filled.stream().allMatch(line -> form.matcher(line).matches()))
            .findFirst();
  }

  private List<HostCapture> prefixed(Pattern form) {
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

  private static List<HostCapture> merged(List<HostCapture> parts) {
    Map<String, List<HostCapture>> byHost = new LinkedHashMap<>();
    for (HostCapture part : parts) {
      byHost
          .computeIfAbsent(Objects.requireNonNullElse(part.host(), ""), none -> new ArrayList<>())
          .add(part);
    }
    return byHost.values().stream().map(HostSections::joined).toList();
  }

  private static HostCapture joined(List<HostCapture> parts) {
    StringBuilder text = new StringBuilder();
    List<String> problems = new ArrayList<>();
    for (HostCapture part : parts) {
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        // A part without a line end may be truncated. The added line end would hide that.
        problems.add("a part has no line end, so it may be truncated");
        text.append('\n');
      }
      text.append(part.text());
      problems.addAll(part.problems());
    }
    return new HostCapture(parts.get(0).host(), text.toString(), problems);
  }
}
