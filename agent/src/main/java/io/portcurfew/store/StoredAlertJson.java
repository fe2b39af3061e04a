package io.portcurfew.store;

import static io.portcurfew.json.Json.putKnown;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.json.JsonTree;
import io.portcurfew.judge.Finding;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Converts an alert to JSON and back without loss. */
final class StoredAlertJson {

  private StoredAlertJson() {}

  static Map<String, Object> tree(Alert alert) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("id", alert.id());
    tree.put("state", alert.state().name());
    tree.put("starts", alert.startsAt());
    putKnown(tree, "ends", alert.endsAt());
    tree.put("course", notificationState(alert.notificationState()));
    tree.put("finding", FindingJson.tree(alert.finding()));
    return tree;
  }

  static Alert of(JsonTree tree) {
    Finding finding = FindingJson.of(tree.tree("finding"));
    return new Alert(
        tree.text("id"),
        AlertState.valueOf(tree.text("state")),
        finding,
        Objects.requireNonNull(instant(tree.text("starts"))),
        instant(tree.textOr("ends")),
        notificationState(tree.tree("course"), finding.severity()));
  }

  private static Map<String, Object> notificationState(NotificationState state) {
    Map<String, Object> tree = new LinkedHashMap<>();
    putKnown(tree, "told", state.notifiedAt());
    putUnlessEmpty(tree, "owners", state.owners());
    putUnlessEmpty(tree, "changes", state.changes());
    putKnown(tree, "flapping", state.flapping() ? true : null);
    putKnown(tree, "gone", state.goneSince());
    putKnown(tree, "held", state.held());
    putUnlessEmpty(tree, "severities", List.copyOf(state.severities()));
    return tree;
  }

  private static NotificationState notificationState(JsonTree tree, Severity severity) {
    Instant notifiedAt = instant(tree.textOr("told"));
    String held = tree.textOr("held");
    Reason reason = held == null ? null : Reason.valueOf(held);
    SortedSet<Severity> severities = new TreeSet<>();
    tree.texts("severities").forEach(name -> severities.add(Severity.valueOf(name)));
    if (severities.isEmpty() && notifiedAt != null && reason != Reason.FIRST) {
      // Written by a version that did not save the severities.
      severities.add(severity);
    }
    return new NotificationState(
        notifiedAt,
        tree.texts("owners"),
        tree.texts("changes").stream().map(Instant::parse).toList(),
        tree.flagOr("flapping") != null,
        instant(tree.textOr("gone")),
        reason,
        severities);
  }

  static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  static void putUnlessEmpty(Map<String, Object> tree, String key, List<?> values) {
    if (!values.isEmpty()) {
      tree.put(key, values);
    }
  }
}
