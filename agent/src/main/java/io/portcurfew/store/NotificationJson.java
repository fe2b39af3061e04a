package io.portcurfew.store;

import io.portcurfew.alert.Reason;
import io.portcurfew.json.JsonTree;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Converts a summary of notifications to JSON and back. */
final class NotificationJson {

  private NotificationJson() {}

  static Map<String, Object> tree(Summary summary) {
    Map<String, Object> counts = new LinkedHashMap<>();
    summary.counts().forEach((reason, count) -> counts.put(reason.name(), count));
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("counts", counts);
    tree.put("executables", summary.executables());
    tree.put("shown", summary.shown().stream().map(NotificationJson::shown).toList());
    return tree;
  }

  static Summary summary(JsonTree tree, String host) {
    TreeMap<Reason, Integer> counts = new TreeMap<>();
    JsonTree counted = tree.tree("counts");
    for (String reason : counted.names()) {
      counts.put(Reason.valueOf(reason), Math.toIntExact(counted.number(reason)));
    }
    List<Notification> shown = tree.trees("shown").stream().map(one -> shown(one, host)).toList();
    return new Summary(counts, new TreeSet<>(tree.texts("executables")), shown);
  }

  private static Map<String, Object> shown(Notification one) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", one.id());
    tree.put("reason", one.reason().name());
    tree.put("policy", one.policy());
    tree.put("alert", StoredAlertJson.tree(one.alert()));
    return tree;
  }

  private static Notification shown(JsonTree tree, String host) {
    return new Notification(
        tree.text("id"),
        Reason.valueOf(tree.text("reason")),
        StoredAlertJson.of(tree.tree("alert")),
        host,
        tree.text("policy"));
  }
}
