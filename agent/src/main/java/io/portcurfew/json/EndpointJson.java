package io.portcurfew.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Protocol;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** An endpoint as JSON. */
public final class EndpointJson {

  private EndpointJson() {}

  /** For output. */
  public static Map<String, Object> tree(Endpoint endpoint) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("protocol", endpoint.protocol().label());
    tree.put("address", endpoint.address());
    tree.put("port", endpoint.port());
    tree.put("namespace", endpoint.namespace());
    return tree;
  }

  /**
   * For the database: the same with the parts of the address, since its text alone is ambiguous (an
   * interface may be called {@code x...}).
   */
  public static Map<String, Object> complete(Endpoint endpoint) {
    Address address = endpoint.address();
    Map<String, Object> tree = tree(endpoint);
    tree.put("host", address.host());
    putKnown(tree, "zone", address.zone());
    putKnown(tree, "cut", address.cut() ? true : null);
    return tree;
  }

  /** Reads the form of the database; 0.1.0 wrote it without the address and with {@code TCP}. */
  public static Endpoint of(JsonTree tree) {
    boolean cut = tree.flagOr("cut") != null;
    return new Endpoint(
        Protocol.valueOf(tree.text("protocol").toUpperCase(Locale.ROOT)),
        new Address(tree.text("host"), tree.textOr("zone"), cut),
        Math.toIntExact(tree.number("port")),
        tree.text("namespace"));
  }
}
