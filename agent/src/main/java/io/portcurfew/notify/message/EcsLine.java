package io.portcurfew.notify.message;

import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A notification as a document of the Elastic Common Schema with dotted names. */
public final class EcsLine {

  /** The version of the schema in everything that the agent writes. */
  public static final String VERSION = "8.11.0";

  private static final Set<String> NUMBERS =
      Set.of("server.port", "process.pid", "process.parent.pid", "portcurfew.notifications");
  private static final Set<String> LISTS = Set.of("event.category", "event.type");

  private EcsLine() {}

  /** The document as a tree for {@link io.portcurfew.json.Json}. */
  public static Map<String, Object> of(Notification one, Instant now) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("@timestamp", AlertText.time(now));
    line.put("log.level", level(one));
    line.put("message", AlertText.line(one));
    line.put("ecs.version", VERSION);
    line.putAll(fields(one));
    return line;
  }

  /** The fields of the notification, without time, level and version. */
  public static Map<String, Object> fields(Notification one) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("message", AlertText.line(one));
    fields.put("event.module", "portcurfew");
    EcsFields.of(one).forEach((name, value) -> fields.put(name, typed(name, value)));
    return fields;
  }

  private static Object typed(String name, String value) {
    if (NUMBERS.contains(name)) {
      return Long.parseLong(value);
    }
    return LISTS.contains(name) ? List.of(value) : value;
  }

  private static String level(Notification one) {
    if (one.reason() == Reason.RESOLVED) {
      return "info";
    }
    return switch (one.alert().finding().severity()) {
      case CRITICAL -> "error";
      case WARNING -> "warn";
      case INFO -> "info";
    };
  }
}
