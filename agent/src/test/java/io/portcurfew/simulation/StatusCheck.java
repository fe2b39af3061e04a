package io.portcurfew.simulation;

import io.portcurfew.json.JsonTree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares the alerts of the status page with what is so. */
final class StatusCheck {

  private static final Set<String> EXACT = Set.of("open", "missing");

  private StatusCheck() {}

  /** The number of alerts that have not ended. */
  static long notEnded(String alerts) {
    return JsonTree.of(alerts).trees("alerts").stream()
        .filter(alert -> !alert.text("state").equals("resolved"))
        .count();
  }

  /** The differences; empty if there are none. */
  static List<String> differences(String alerts, Set<Oracle.Key> expected) {
    Set<String> shown = new TreeSet<>();
    for (JsonTree alert : JsonTree.of(alerts).trees("alerts")) {
      JsonTree endpoint = alert.treeOr("endpoint");
      String kind = alert.text("kind");
      if (alert.text("state").equals("firing") && endpoint != null && EXACT.contains(kind)) {
        shown.add(alert.text("rule") + " " + kind + " " + endpoint.number("port"));
      }
    }
    Set<String> so = new TreeSet<>();
    expected.stream()
        .filter(key -> EXACT.contains(key.kind()))
        .forEach(key -> so.add(key.rule() + " " + key.kind() + " " + key.port()));
    return shown.equals(so)
        ? List.of()
        : List.of("the status page shows the alerts " + shown + ", not " + so);
  }
}
