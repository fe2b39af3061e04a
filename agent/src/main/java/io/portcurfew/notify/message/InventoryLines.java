package io.portcurfew.notify.message;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import io.portcurfew.json.OwnerJson;
import io.portcurfew.json.RedirectJson;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.ListenerTurns;
import io.portcurfew.judge.Ruling;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.Snapshot;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The listeners of a scan as lines of JSON with the names of the Elastic Common Schema: one line
 * for each listener, and a last one that says how many there were.
 */
public final class InventoryLines {

  /** The most bytes of one inventory, some thousand listeners; what is left out is counted. */
  static final int MOST_BYTES = 1 << 20;

  private static final int MOST_OWNERS = 8;

  private InventoryLines() {}

  /** The lines in UTF-8, each with its line break. */
  public static byte[] of(JudgedSnapshot judged) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int written = 0;
    for (Listener listener : ListenerTurns.of(judged.snapshot().listeners())) {
      byte[] line = bytes(line(listener, judged));
      if (out.size() + line.length > MOST_BYTES) {
        break;
      }
      out.writeBytes(line);
      written++;
    }
    out.writeBytes(bytes(end(judged, written)));
    return out.toByteArray();
  }

  private static byte[] bytes(Map<String, Object> line) {
    return (Json.compact(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> common(Snapshot snapshot, String dataset) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("@timestamp", AlertText.time(snapshot.takenAt()));
    line.put("ecs.version", EcsLine.VERSION);
    line.put("event.kind", "state");
    line.put("event.module", "portcurfew");
    line.put("event.dataset", dataset);
    line.put("host.name", snapshot.host());
    return line;
  }

  private static Map<String, Object> line(Listener listener, JudgedSnapshot judged) {
    Map<String, Object> line = common(judged.snapshot(), "portcurfew.listener");
    Map<String, Object> tree = EndpointJson.tree(listener.endpoint());
    Redirect via = listener.via();
    putKnown(tree, "via", via == null ? null : RedirectJson.tree(via));
    tree.put("owners", listener.owners().stream().limit(MOST_OWNERS).map(OwnerJson::tree).toList());
    Ruling ruling = judged.judgement().rulings().get(listener.endpoint());
    if (ruling != null) {
      tree.put("verdict", ruling.verdict().label());
      putKnown(tree, "rule", ruling.rule());
    }
    line.put("portcurfew.listener", tree);
    return line;
  }

  private static Map<String, Object> end(JudgedSnapshot judged, int written) {
    Map<String, Object> line = common(judged.snapshot(), "portcurfew.inventory");
    line.put(
        "portcurfew.inventory",
        Map.of(
            "complete",
            judged.snapshot().complete(),
            "listeners",
            written,
            "left_out",
            judged.snapshot().listeners().size() - written));
    return line;
  }
}
