package io.portcurfew.observe.capture;

import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Divides a file into hosts. It knows the marks {@code == host ==} and {@code ==> host <==} (head,
 * tail), the output of ansible and ansible-playbook, pssh, dshbak, clush and salt, the host before
 * each line, and the outputs in JSON, YAML and CSV.
 */
public final class HostSections {

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

  private static final Pattern WARNING =
      Pattern.compile("(?s)\\s*\\[(?:DEPRECATION )?WARNING]: .{1,2000}");

  private static final String CUT = "a part has no line end, so it may be truncated";

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
    List<HostCapture> documents = yaml(file);
    if (!documents.isEmpty()) {
      return merged(documents);
    }
    List<HostCapture> cells = DelimitedText.hosts(file);
    if (!cells.isEmpty()) {
      return merged(cells);
    }
    String text = LinePrefixes.removed(file);
    HostSections sections = new HostSections(text);
    List<HostCapture> prefixed = HostPrefixes.hosts(sections.lines, sections.ended);
    if (!prefixed.isEmpty()) {
      return merged(prefixed);
    }
    sections.divide();
    List<HostCapture> found = sections.found;
    boolean none = found.stream().allMatch(part -> part.host() == null);
    return none ? List.of(new HostCapture(null, text, List.of())) : merged(found);
  }

  /** Returns the hosts of YAML. A last line without a line end is left out, with a problem. */
  private static List<HostCapture> yaml(String file) {
    if (!YamlText.looksLikeIt(file)) {
      return List.of();
    }
    boolean ended = file.endsWith("\n");
    String whole = file.substring(0, file.lastIndexOf('\n') + 1).replace("\r\n", "\n");
    List<HostCapture> hosts =
        YamlText.values(ByteText.decoded(whole))
            .map(values -> AnsibleJson.of(null, values))
            .orElse(List.of());
    if (ended || hosts.isEmpty()) {
      return hosts;
    }
    List<HostCapture> all = new ArrayList<>(hosts);
    all.add(new HostCapture(hosts.get(hosts.size() - 1).host(), "", List.of(CUT)));
    return all;
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
    if (!BARE.matcher(line).matches()) {
      return false;
    }
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
      found.addAll(AnsibleJson.result(result.host(), result.below() + jsonBelow(result.below())));
      return;
    }
    int start = at;
    while (at < lines.size() && (lines.get(at).isBlank() || lines.get(at).startsWith(" "))) {
      at++;
    }
    boolean cut = at == lines.size() && at > start && !ended;
    found.addAll(PlayOutput.yaml(result, lines.subList(start, cut ? at - 1 : at)));
    if (cut) {
      found.add(new HostCapture(result.host(), "", List.of(CUT)));
    }
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
        problems.add(CUT);
        text.append('\n');
      }
      text.append(part.text());
      problems.addAll(part.problems());
    }
    return new HostCapture(parts.get(0).host(), text.toString(), problems);
  }
}
