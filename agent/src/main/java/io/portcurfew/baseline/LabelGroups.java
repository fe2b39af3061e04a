package io.portcurfew.baseline;

import io.portcurfew.json.JsonTree;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The groups of hosts by their labels: the targets and labels that Prometheus reads (file_sd,
 * http_sd).
 */
public final class LabelGroups {

  private static final String HOST = "host";

  private LabelGroups() {}

  /**
   * Reads a list of targets. The name of a host is its label {@code host}, else the address of its
   * target without the port. The labels of an address ({@code instance} and {@code __...}) make no
   * group.
   *
   * @return the hosts of each group by its name, like {@code role=web}
   * @throws IllegalArgumentException if the text is not such a list
   */
  public static Map<String, Set<String>> read(String text) {
    Map<String, Set<String>> groups = new TreeMap<>();
    List<JsonTree> items = JsonTree.listOf(text);
    if (items.isEmpty()) {
      throw new IllegalArgumentException("it has no items");
    }
    for (JsonTree item : items) {
      JsonTree labels = Objects.requireNonNullElse(item.treeOr("labels"), JsonTree.of("{}"));
      List<String> targets = item.texts("targets");
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("an item has no targets");
      }
      for (String label : labels.names()) {
        if (!label.equals(HOST) && !label.equals("instance") && !label.startsWith("__")) {
          Set<String> hosts =
              groups.computeIfAbsent(label + "=" + labels.text(label), none -> new TreeSet<>());
          targets.forEach(target -> hosts.add(host(labels, target)));
        }
      }
    }
    return groups;
  }

  private static String host(JsonTree labels, String target) {
    return Objects.requireNonNullElse(labels.textOr(HOST), target.replaceFirst(":[0-9]+$", ""));
  }
}
