package io.portcurfew.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.observe.SocketPlace;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The place of a socket of another family as JSON, for output and for the database. */
public final class SocketPlaceJson {

  private SocketPlaceJson() {}

  /** Renders a place. */
  public static Map<String, Object> tree(SocketPlace place) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("family", place.family().label());
    putKnown(tree, "protocol", place.protocol());
    putKnown(tree, "address", place.address());
    putKnown(tree, "port", place.port());
    putKnown(tree, "interface", place.device());
    tree.put("namespace", place.namespace());
    return tree;
  }

  /** Reads a place. */
  public static SocketPlace of(JsonTree tree) {
    return new SocketPlace(
        SocketPlace.Family.valueOf(tree.text("family").toUpperCase(Locale.ROOT)),
        tree.textOr("protocol"),
        tree.textOr("address"),
        tree.numberOr("port"),
        tree.textOr("interface"),
        tree.text("namespace"));
  }
}
