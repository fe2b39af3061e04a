package io.portcurfew.store;

import static io.portcurfew.json.Json.putKnown;
import static io.portcurfew.store.AlertJson.instant;
import static io.portcurfew.store.AlertJson.putUnlessEmpty;

import io.portcurfew.json.JsonTree;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts an owner to JSON and back without loss. */
final class OwnerJson {

  private OwnerJson() {}

  static Map<String, Object> tree(Owner owner) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pid", owner.pid());
    putKnown(tree, "name", owner.name());
    putKnown(tree, "executable", owner.executable());
    putKnown(tree, "user", owner.user());
    putKnown(tree, "uid", owner.uid());
    Map<String, Object> details = details(owner.details());
    putKnown(tree, "details", details.isEmpty() ? null : details);
    return tree;
  }

  static Owner of(JsonTree tree) {
    JsonTree details = tree.treeOr("details");
    return new Owner(
        Math.toIntExact(tree.number("pid")),
        text(tree, "name"),
        text(tree, "executable"),
        text(tree, "user"),
        tree.numberOr("uid"),
        details == null ? OwnerDetails.NONE : details(details));
  }

  private static Map<String, Object> details(OwnerDetails details) {
    Map<String, Object> tree = new LinkedHashMap<>();
    putKnown(tree, "started", details.startedAt());
    putKnown(tree, "argument", details.firstArgument());
    putKnown(tree, "deleted", details.deleted());
    putKnown(tree, "elsewhere", details.elsewhere());
    putKnown(tree, "unit", details.unit());
    putKnown(tree, "container", details.container());
    putKnown(tree, "sha256", details.sha256());
    putKnown(tree, "package", details.packageName());
    putKnown(tree, "stands_for", details.standsFor());
    putUnlessEmpty(
        tree, "ancestors", details.ancestors().stream().map(OwnerJson::ancestor).toList());
    return tree;
  }

  private static OwnerDetails details(JsonTree tree) {
    return new OwnerDetails(
        instant(tree.textOr("started")),
        text(tree, "argument"),
        tree.flagOr("deleted"),
        tree.flagOr("elsewhere"),
        text(tree, "unit"),
        text(tree, "container"),
        text(tree, "sha256"),
        text(tree, "package"),
        text(tree, "stands_for"),
        tree.trees("ancestors").stream().map(OwnerJson::ancestor).toList());
  }

  private static Map<String, Object> ancestor(OwnerDetails.Ancestor ancestor) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pid", ancestor.pid());
    putKnown(tree, "name", ancestor.name());
    return tree;
  }

  private static OwnerDetails.Ancestor ancestor(JsonTree tree) {
    return new OwnerDetails.Ancestor(Math.toIntExact(tree.number("pid")), text(tree, "name"));
  }

  private static @Nullable HostText text(JsonTree tree, String name) {
    String visible = tree.textOr(name);
    return visible == null ? null : HostText.visible(visible);
  }
}
