package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The body of a webhook: Alertmanager's payload version 4, with one alert or with those of a
 * summary, as its documentation of {@code webhook_config} gives it; beside it {@code id}, {@code
 * reason}, {@code host}, {@code agent} and {@code history_head}.
 *
 * <p>As if grouped by every label that is not of the rule's own choosing, and not the severity: so
 * the group stays the same over all lives of an alert, also where the policy was edited between
 * them, and so does its key, by which receivers find what to close.
 */
public final class AlertPayload {

  /** What Alertmanager writes where an alert is not over: Go's zero time. */
  private static final String NOT_OVER = "0001-01-01T00:00:00Z";

  private AlertPayload() {}

  /** As a tree for {@link io.portcurfew.json.Json}. */
  public static Map<String, Object> of(Notification notification, String receiver, String agent) {
    Summary summary = notification.summary();
    Map<String, String> labels = AlertLabels.all(notification);
    Map<String, String> annotations =
        summary == null ? annotations(notification) : annotations(notification, summary);
    SortedMap<String, String> group = AlertLabels.own(notification);
    group.remove("severity");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", "4");
    body.put("groupKey", groupKey(group));
    body.put("truncatedAlerts", summary == null ? 0 : summary.notShown());
    body.put("status", status(notification));
    body.put("receiver", receiver);
    body.put("groupLabels", group);
    body.put("commonLabels", labels);
    body.put("commonAnnotations", annotations);
    body.put("externalURL", "");
    List<Notification> shown = summary == null ? List.of(notification) : summary.shown();
    body.put("alerts", shown.stream().map(AlertPayload::alert).toList());
    body.put("id", notification.id());
    body.put("reason", notification.reason().label());
    body.put("host", notification.host());
    body.put("agent", agent);
    if (notification.head() != null) {
      body.put("history_head", notification.head());
    }
    return body;
  }

  private static Map<String, Object> alert(Notification notification) {
    Alert alert = notification.alert();
    Instant endsAt = alert.endsAt();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("status", status(alert));
    tree.put("labels", AlertLabels.all(notification));
    tree.put("annotations", annotations(notification));
    tree.put("startsAt", AlertText.time(alert.startsAt()));
    tree.put("endsAt", endsAt == null ? NOT_OVER : AlertText.time(endsAt));
    tree.put("generatorURL", "");
    tree.put("fingerprint", alert.id());
    return tree;
  }

  /** Whether it fires, in Alertmanager's word. */
  static String status(Notification notification) {
    Summary summary = notification.summary();
    if (summary == null) {
      return status(notification.alert());
    }
    return summary.isFiring() ? "firing" : "resolved";
  }

  /** Of a summary. */
  public static Map<String, String> annotations(Notification notification, Summary summary) {
    String host = notification.host();
    Map<String, String> annotations = new TreeMap<>();
    annotations.put("summary", AlertText.oneLine(host + ": " + summary.text()));
    annotations.put("description", AlertText.oneLine(AlertText.said(summary)));
    annotations.put("policy", notification.policy());
    return annotations;
  }

  private static String status(Alert alert) {
    return alert.endsAt() == null ? "firing" : "resolved";
  }

  /** Of one alert. */
  public static Map<String, String> annotations(Notification notification) {
    Finding finding = notification.alert().finding();
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(
        "summary", AlertText.oneLine(notification.host() + ": " + AlertText.said(notification)));
    annotations.put("description", description(notification));
    annotations.put("policy", notification.policy());
    putUnlessEmpty(annotations, "owner", AlertText.owners(finding.owners()));
    putUnlessEmpty(
        annotations, "evidence", AlertText.first(finding.evidence(), line -> line, "\n"));
    if (finding.because() != null) {
      annotations.put("because", finding.because());
    }
    URI runbook = finding.telling().runbook();
    if (runbook != null) {
      annotations.put("runbook_url", runbook.toString());
    }
    return annotations;
  }

  private static void putUnlessEmpty(Map<String, String> into, String key, String value) {
    if (!value.isEmpty()) {
      into.put(key, value);
    }
  }

  private static String description(Notification notification) {
    Alert alert = notification.alert();
    Finding finding = alert.finding();
    Instant endsAt = alert.endsAt();
    return AlertText.said(notification)
        + ". Rule "
        + finding.rule()
        + ", severity "
        + finding.severity().label()
        + ", on "
        + notification.host()
        + ", first seen "
        + AlertText.time(alert.startsAt())
        + (endsAt == null ? "." : ", over " + AlertText.time(endsAt) + ".");
  }

  /** In Alertmanager's form: the route, a colon, and the labels of the group in order. */
  private static String groupKey(Map<String, String> group) {
    return group.entrySet().stream()
        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + '"')
        .collect(Collectors.joining(", ", "{}:{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
