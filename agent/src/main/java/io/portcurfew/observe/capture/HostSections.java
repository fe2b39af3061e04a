package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Divides a file into hosts. It knows the marks {@code == host ==} and {@code ==> host <==} (head,
 * tail), the output of ansible, pssh, dshbak and salt, and {@code host: } before each line (pdsh,
 * clush).
 */
public final class HostSections {

  private static final Pattern MARK =
      Pattern.compile("([=*#-])\\1++>? ?+([^\\s=*#<>/-][^\\s<>=]{0,252}?) ?<?\\1{2,}+\\s*+");

  /** A host mark as pssh prints it. */
  private static final Pattern PSSH =
      Pattern.compile(
          "\\[\\d{1,6}] \\d\\d:\\d\\d:\\d\\d \\[(SUCCESS|FAILURE)] (\\S{1,253})(?: (.*))?+");

  private static final Pattern RULE = Pattern.compile("-{5,}+\\s*+");
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]{0,252}+\\s*+");
  private static final Pattern SALT = Pattern.compile("(\\w[\\w.-]{0,252}+):\\s*+");
  private static final Pattern PREFIX = Pattern.compile("(\\w[\\w.-]{0,252}+): (.*)");

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
  public static List<HostCapture> of(String text) {
    if (AnsibleJson.looksLikeIt(text)) {
      List<HostCapture> hosts = AnsibleJson.hosts(null, text);
      if (!hosts.isEmpty()) {
        return merged(hosts);
      }
    }
    HostSections sections = new HostSections(text);
    if (sections.isPrefixed()) {
      return merged(sections.prefixed());
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
    if (line.length() < 3) {
      return false;
    }
    Matcher mark = MARK.matcher(line);
    Matcher salt = SALT.matcher(line);
    Matcher pssh = PSSH.matcher(line);
    if (mark.matches()) {
      open(new HostCapture(mark.group(2), "", List.of()));
    } else if (pssh.matches()) {
      boolean failed = pssh.group(1).equals("FAILURE");
      List<String> problems = failed ? List.of("pssh says FAILURE: " + pssh.group(3)) : List.of();
      open(new HostCapture(pssh.group(2), "", problems));
    } else if (salt.matches() && at < lines.size() && lines.get(at).startsWith("    ")) {
      open(new HostCapture(salt.group(1), "", List.of()));
    } else if (isDshbak(line)) {
      open(new HostCapture(lines.get(at).trim(), "", List.of()));
      at += 2;
    } else {
      return ansible(line);
    }
    return true;
  }

  private boolean isDshbak(String line) {
    return at + 1 < lines.size()
        && RULE.matcher(line).matches()
        && NAME.matcher(lines.get(at)).matches()
        && RULE.matcher(lines.get(at + 1)).matches();
  }

  private boolean ansible(String line) {
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

  private boolean isPrefixed() {
    List<String> filled = lines.stream().filter(line -> !line.isBlank()).toList();
    return filled.size() > 1 && filled.stream().allMatch(line -> PREFIX.matcher(line).matches());
  }

  private List<HostCapture> prefixed() {
    List<HostCapture> hosts = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher prefix = PREFIX.matcher(lines.get(i));
      if (prefix.matches()) {
        String end = i + 1 < lines.size() || ended ? "\n" : "";
        hosts.add(new HostCapture(prefix.group(1), prefix.group(2) + end, List.of()));
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
