package io.portcurfew.observe.capture;

import io.portcurfew.process.ByteText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the output of commands in JSON of any tool: the strings with several lines. The host is the
 * key ({@code salt --out=json}) or a value beside it ({@code "host": "web-1"}).
 */
final class OutputJson {

  /** Keys that name a result and not a host. */
  private static final Set<String> RESULTS =
      Set.of(
          "stdout",
          "stderr",
          "output",
          "out",
          "result",
          "results",
          "text",
          "content",
          "data",
          "log",
          "logs",
          "message",
          "msg",
          "body",
          "value",
          "ss",
          "netstat",
          "lsof",
          "sockstat",
          "command",
          "cmd",
          "standardoutputcontent",
          "standarderrorcontent",
          "response",
          "return",
          "payload",
          "raw",
          "capture",
          "hosts",
          "local",
          "comment");

  private static final List<String> HOSTS =
      List.of(
          "host",
          "hostname",
          "inventory_hostname",
          "minion",
          "node",
          "server",
          "device",
          "target",
          "InstanceId",
          "_HOSTNAME");

  /** Keys of the line of a log: of the journal, and of loggers that write JSON. */
  private static final List<String> LINES =
      List.of("MESSAGE", "message", "msg", "line", "log", "text");

  private static final String NOTHING = "its JSON has no output of a command";

  private OutputJson() {}

  /** Adds the hosts of a value. */
  static void walk(Object value, @Nullable String host, List<HostCapture> found) {
    if (value instanceof List<?> lines && isText(lines)) {
      found.add(new HostCapture(host, text(lines), List.of()));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> walk(item, host, found));
    } else if (value instanceof Map<?, ?> map) {
      String named = host == null ? host(map).orElse(null) : host;
      boolean byHost =
          named == null
              && map.entrySet().stream()
                  .anyMatch(entry -> !isResult(entry.getKey()) && isOutput(entry.getValue()));
      map.forEach((key, item) -> within(String.valueOf(key), item, named, byHost, found));
    }
  }

  private static void within(
      String key, Object item, @Nullable String host, boolean byHost, List<HostCapture> found) {
    String named = host == null && !isResult(key) ? ByteText.encoded(key) : host;
    if (item instanceof String text && text.indexOf('\n') >= 0) {
      found.add(new HostCapture(named, ByteText.encoded(AnsibleLine.ended(text)), List.of()));
    } else if (item instanceof List<?> lines && isText(lines)) {
      found.add(new HostCapture(named, text(lines), List.of()));
    } else if (item instanceof Map<?, ?> || item instanceof List<?>) {
      walk(item, byHost || item instanceof Map<?, ?> ? named : host, found);
    } else if (byHost && !isResult(key)) {
      found.add(new HostCapture(named, "", List.of(NOTHING)));
    }
  }

  /** Returns the hosts of log entries with one line of the output each; empty for other values. */
  static List<HostCapture> lines(List<Object> values) {
    return LINES.stream()
        .filter(key -> values.size() > 1 && values.stream().allMatch(one -> hasText(one, key)))
        .findFirst()
        .map(key -> values.stream().map(one -> line((Map<?, ?>) one, key)).toList())
        .orElse(List.of());
  }

  private static boolean hasText(Object value, String key) {
    return value instanceof Map<?, ?> entry && entry.get(key) instanceof String;
  }

  private static HostCapture line(Map<?, ?> entry, String key) {
    String text = ByteText.encoded(String.valueOf(entry.get(key)));
    return new HostCapture(host(entry).orElse(null), text + "\n", List.of());
  }

  private static boolean isOutput(Object value) {
    return value instanceof String text && text.indexOf('\n') >= 0;
  }

  private static String text(List<?> lines) {
    String text = String.join("\n", lines.stream().map(String::valueOf).toList());
    return ByteText.encoded(AnsibleLine.ended(text));
  }

  /** True for the lines of an output, one string each. */
  private static boolean isText(List<?> lines) {
    return lines.size() > 1 && lines.stream().allMatch(String.class::isInstance);
  }

  private static boolean isResult(Object key) {
    return RESULTS.contains(String.valueOf(key).toLowerCase(Locale.ROOT));
  }

  /** Returns the host that an object names beside its output. */
  static Optional<String> host(Map<?, ?> map) {
    return HOSTS.stream()
        .map(map::get)
        .filter(Objects::nonNull)
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .filter(name -> name.indexOf('\n') < 0 && !name.isEmpty())
        .map(ByteText::encoded)
        .findFirst();
  }
}
