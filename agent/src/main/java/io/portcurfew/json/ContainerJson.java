package io.portcurfew.json;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container as keys of another object: {@code container} is its id, as in 0.1.0. */
final class ContainerJson {

  private ContainerJson() {}

  static void put(Map<String, Object> tree, @Nullable Container container) {
    if (container == null) {
      return;
    }
    tree.put("container", container.id());
    putKnown(tree, "container_name", container.name());
    putKnown(tree, "image", container.image());
    putKnown(tree, "project", container.project());
    putKnown(tree, "service", container.service());
    putKnown(tree, "pod", container.pod());
    putKnown(tree, "pod_namespace", container.podNamespace());
  }

  static @Nullable Container of(JsonTree tree) {
    HostText id = text(tree, "container");
    return id == null
        ? null
        : new Container(
            id,
            text(tree, "container_name"),
            text(tree, "image"),
            text(tree, "project"),
            text(tree, "service"),
            text(tree, "pod"),
            text(tree, "pod_namespace"));
  }

  private static @Nullable HostText text(JsonTree tree, String name) {
    String visible = tree.textOr(name);
    return visible == null ? null : HostText.visible(visible);
  }
}
