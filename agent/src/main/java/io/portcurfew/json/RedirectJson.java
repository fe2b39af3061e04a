package io.portcurfew.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.observe.Redirect;
import java.util.LinkedHashMap;
import java.util.Map;

/** A redirect as JSON. What is unknown is absent. */
public final class RedirectJson {

  private RedirectJson() {}

  /** For output. */
  public static Map<String, Object> tree(Redirect via) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("by", via.by());
    ContainerJson.put(tree, via.container());
    putKnown(tree, "target", via.target());
    return tree;
  }
}
