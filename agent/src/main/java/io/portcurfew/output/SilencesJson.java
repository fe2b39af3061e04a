package io.portcurfew.output;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Silence;
import io.portcurfew.json.EndpointJson;
import io.portcurfew.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of {@code silence list}, schema 1. */
public final class SilencesJson {

  private SilencesJson() {}

  /** Renders the silences. */
  public static String render(List<Silence> silences) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("silences", silences.stream().map(SilencesJson::tree).toList());
    return Json.pretty(root);
  }

  /** One silence. */
  static Map<String, Object> tree(Silence one) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", one.id());
    putKnown(tree, "rule", one.rule());
    putKnown(tree, "endpoint", one.endpoint() == null ? null : EndpointJson.tree(one.endpoint()));
    tree.put("starts_at", Json.time(one.startsAt()));
    tree.put("ends_at", Json.time(one.endsAt()));
    tree.put("author", one.author());
    tree.put("comment", one.comment());
    return tree;
  }
}
