package io.portcurfew.observe.capture;

import io.portcurfew.json.JsonText;
import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the output of commands from the JSON of ansible: the result of a module, or the result of a
 * play from the callback plugin json of ansible.posix ({@code plays}, {@code tasks}, {@code
 * hosts}).
 */
final class AnsibleJson {

  private static final String NOTHING = "its JSON has no output of a command";

  /** The problem of a command without output. */
  static final String EMPTY = "the command printed nothing";

  private static final String CUT = "its last entry has no line end, so entries may be missing";

  private static final String UNREAD = "a text beside the outputs of commands has a row";

  private AnsibleJson() {}

  /** True if a text may be such JSON. */
  static boolean looksLikeIt(String text) {
    String start = text.substring(0, Math.min(text.length(), 200)).stripLeading();
    return start.startsWith("{") || start.startsWith("[");
  }

  /**
   * Returns the hosts of a text.
   *
   * @param host the name of the host, if it is outside the JSON
   * @return empty if the text is not JSON or has no output of a command
   */
  static List<HostCapture> hosts(@Nullable String host, String text) {
    try {
      List<Object> values = JsonText.values(ByteText.decoded(text));
      List<HostCapture> hosts = of(host, values);
      if (values.size() > 1 && !hosts.isEmpty() && !text.endsWith("\n")) {
        hosts.add(new HostCapture(hosts.get(hosts.size() - 1).host(), "", List.of(CUT)));
      }
      return hosts;
    } catch (IllegalArgumentException malformed) {
      return List.of();
    }
  }

  /** Returns the hosts of values of JSON or YAML; empty if they have no output of a command. */
  static List<HostCapture> of(@Nullable String host, List<Object> values) {
    List<HostCapture> found = new ArrayList<>();
    values.forEach(value -> walk(value, host, false, found));
    if (found.isEmpty()) {
      values.forEach(value -> OutputJson.walk(value, host, found));
    }
    if (found.isEmpty()) {
      found.addAll(OutputJson.lines(values));
    }
    if (!found.isEmpty() && UnreadRows.anyInValues(values, found)) {
      found.add(new HostCapture(host, "", List.of(UNREAD)));
    }
    return found;
  }

  /**
   * Returns the result of one host; without output in its JSON, the host has the reason as a
   * problem.
   */
  static List<HostCapture> result(String host, String text) {
    List<HostCapture> found = hosts(host, text);
    return found.isEmpty() ? List.of(new HostCapture(host, "", List.of(NOTHING))) : found;
  }

  private static void walk(
      Object value, @Nullable String host, boolean keysAreHosts, List<HostCapture> found) {
    if (value instanceof List<?> list) {
      list.forEach(item -> walk(item, host, false, found));
    } else if (value instanceof Map<?, ?> map) {
      if (isResult(map)) {
        found.add(capture(host == null ? OutputJson.host(map).orElse(null) : host, map));
      } else {
        map.forEach((key, item) -> within(String.valueOf(key), item, host, keysAreHosts, found));
      }
    }
  }

  private static void within(
      String key, Object item, @Nullable String host, boolean keyIsHost, List<HostCapture> found) {
    boolean result = item instanceof Map<?, ?> map && isResult(map);
    String named = host == null && (keyIsHost || result) ? ByteText.encoded(key) : host;
    if (keyIsHost && !result && item instanceof Map<?, ?> failed && isFailed(failed)) {
      found.add(new HostCapture(named, "", List.of(problem(failed))));
    } else {
      walk(item, named, key.equals("hosts"), found);
    }
  }

  private static boolean isResult(Map<?, ?> map) {
    return map.keySet().stream().anyMatch(AnsibleJson::isOutput);
  }

  /** True for the output of a task, or of a registered variable that debug printed. */
  private static boolean isOutput(Object key) {
    String name = String.valueOf(key);
    return name.equals("stdout")
        || name.equals("stdout_lines")
        || name.endsWith(".stdout")
        || name.endsWith(".stdout_lines");
  }

  private static boolean isFailed(Map<?, ?> map) {
    return Boolean.TRUE.equals(map.get("unreachable")) || Boolean.TRUE.equals(map.get("failed"));
  }

  private static String problem(Map<?, ?> map) {
    boolean unreachable = Boolean.TRUE.equals(map.get("unreachable"));
    return unreachable ? "ansible says unreachable" : "ansible says failed";
  }

  private static HostCapture capture(@Nullable String host, Map<?, ?> result) {
    List<String> problems = new ArrayList<>();
    if (isFailed(result)) {
      problems.add(problem(result));
    }
    if (result.get("rc") instanceof Long status && status != 0) {
      problems.add("the command ended with exit status " + status);
    }
    String output = text(result, "stdout");
    if (output.isBlank()) {
      problems.add(EMPTY);
    }
    String errors = text(result, "stderr");
    String all = AnsibleLine.ended(output) + AnsibleLine.ended(errors);
    return new HostCapture(host, ByteText.encoded(all), problems);
  }

  private static String text(Map<?, ?> result, String key) {
    String lines = "";
    for (Map.Entry<?, ?> entry : result.entrySet()) {
      String name = String.valueOf(entry.getKey());
      boolean whole = name.equals(key) || name.endsWith("." + key);
      if (whole && entry.getValue() instanceof String text) {
        return text;
      }
      if ((name.equals(key + "_lines") || name.endsWith("." + key + "_lines"))
          && entry.getValue() instanceof List<?> list) {
        lines = list.stream().map(String::valueOf).collect(Collectors.joining("\n"));
      }
    }
    return lines;
  }
}
