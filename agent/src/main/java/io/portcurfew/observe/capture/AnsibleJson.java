package io.portcurfew.observe.capture;

import io.portcurfew.json.JsonText;
import io.portcurfew.process.ByteText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What commands printed, in the JSON of ansible: the result of a module, or what the callback
 * plugin json of ansible.posix makes of a play ({@code plays}, {@code tasks}, {@code hosts}).
 */
final class AnsibleJson {

  private static final String NOTHING = "its JSON holds no output of a command";

  private AnsibleJson() {}

  /** Whether a text may be such JSON. */
  static boolean looksLikeIt(String text) {
    String start = text.substring(0, Math.min(text.length(), 200)).stripLeading();
    return start.startsWith("{") && text.contains("\"stdout");
  }

  /**
   * The hosts of a text.
   *
   * @param host the name of the host, where it stands outside
   * @return nothing where it is not JSON, or holds no output of a command
   */
  static List<HostCapture> hosts(@Nullable String host, String text) {
    List<HostCapture> found = new ArrayList<>();
    try {
      String utf8 = new String(ByteText.raw(text), StandardCharsets.UTF_8);
      for (Object value : JsonText.values(utf8)) {
        walk(value, host, false, found);
      }
    } catch (IllegalArgumentException malformed) {
      return List.of();
    }
    return found;
  }

  /** The result of one host; where its JSON holds nothing, the host is there with the reason. */
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
        found.add(capture(host, map));
      } else {
        map.forEach((key, item) -> within(String.valueOf(key), item, host, keysAreHosts, found));
      }
    }
  }

  private static void within(
      String key, Object item, @Nullable String host, boolean keyIsHost, List<HostCapture> found) {
    boolean result = item instanceof Map<?, ?> map && isResult(map);
    String named = host == null && (keyIsHost || result) ? latin(key) : host;
    if (keyIsHost && !result && item instanceof Map<?, ?> lost && isLost(lost)) {
      found.add(new HostCapture(named, "", List.of(problem(lost))));
    } else {
      walk(item, named, key.equals("hosts"), found);
    }
  }

  private static boolean isResult(Map<?, ?> map) {
    return map.containsKey("stdout") || map.containsKey("stdout_lines");
  }

  private static String latin(String text) {
    return ByteText.text(text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isLost(Map<?, ?> map) {
    return Boolean.TRUE.equals(map.get("unreachable")) || Boolean.TRUE.equals(map.get("failed"));
  }

  private static String problem(Map<?, ?> map) {
    boolean away = Boolean.TRUE.equals(map.get("unreachable"));
    return away ? "ansible says unreachable" : "ansible says failed";
  }

  private static HostCapture capture(@Nullable String host, Map<?, ?> result) {
    List<String> problems = new ArrayList<>();
    if (isLost(result)) {
      problems.add(problem(result));
    }
    if (result.get("rc") instanceof Long status && status != 0) {
      problems.add("the command ended with exit status " + status);
    }
    String output = text(result, "stdout");
    if (output.isBlank()) {
      problems.add("the command printed nothing");
    }
    String errors = text(result, "stderr");
    String all = AnsibleLine.ended(output) + AnsibleLine.ended(errors);
    return new HostCapture(host, latin(all), problems);
  }

  private static String text(Map<?, ?> result, String key) {
    if (result.get(key) instanceof String whole) {
      return whole;
    }
    return result.get(key + "_lines") instanceof List<?> lines
        ? lines.stream().map(String::valueOf).collect(Collectors.joining("\n"))
        : "";
  }
}
