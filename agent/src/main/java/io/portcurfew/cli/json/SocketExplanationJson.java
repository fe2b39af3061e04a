package io.portcurfew.cli.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.explain.SocketExplanation;
import io.portcurfew.json.Json;
import io.portcurfew.output.OtherSocketsJson;
import io.portcurfew.policy.Rule;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of {@code explain} about a family of sockets, schema 1. */
public final class SocketExplanationJson {

  private SocketExplanationJson() {}

  /** Renders the explanation. */
  public static String render(SocketExplanation explanation) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("schema", 1);
    root.put("family", explanation.family().label());
    root.put("without_rule", explanation.withoutRule());
    root.put("rules", explanation.rules().stream().map(SocketExplanationJson::rule).toList());
    root.put("host", explanation.host());
    root.put("taken_at", Json.time(explanation.takenAt()));
    root.put("looked", explanation.looked());
    root.put(
        "sockets",
        explanation.sockets().stream()
            .map(one -> OtherSocketsJson.socket(one.socket(), one.ruling()))
            .toList());
    root.put(
        "unlisted_families",
        explanation.unlisted().stream().map(OtherSocketsJson::unlisted).toList());
    return Json.pretty(root);
  }

  private static Map<String, Object> rule(Rule rule) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", rule.name());
    tree.put("expect", rule.expect().label());
    putKnown(tree, "namespace", rule.scope().namespace());
    return tree;
  }
}
