package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.observe.BriefOpening;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The body of a webhook: Alertmanager's payload version 4 (documentation of {@code webhook_config})
 * with one alert or with those of a summary, and the additional keys {@code id}, {@code reason},
 * {@code host}, {@code agent} and {@code history_head}.
 *
 * <p>The group is formed by the fixed labels without the severity. So the group key, by which
 * receivers find the alert to close, stays the same over all lives of an alert, even after an edit
 * of the policy.
 */
public final class AlertPayload {

  /** The {@code endsAt} of a firing alert in Alertmanager: Go's zero time. */
  private static final String NOT_ENDED = "0001-01-01T00:00:00Z";

  private AlertPayload() {}

  /** The payload as a tree for {@link io.portcurfew.json.Json}. */
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
    tree.put("endsAt", endsAt == null ? NOT_ENDED : AlertText.time(endsAt));
    tree.put("generatorURL", "");
    tree.put("fingerprint", alert.id());
    return tree;
  }

  /** The status in Alertmanager's terms: firing or resolved. */
  static String status(Notification notification) {
    Summary summary = notification.summary();
    if (summary == null) {
      return status(notification.alert());
    }
    return summary.isFiring() ? "firing" : "resolved";
  }

  /** The annotations of a summary. */
  public static Map<String, String> annotations(Notification notification, Summary summary) {
    String host = notification.host();
    Map<String, String> annotations = new TreeMap<>();
    annotations.put("summary", AlertText.oneLine(host + ": " + summary.text()));
    annotations.put("description", AlertText.oneLine(AlertText.message(summary)));
    annotations.put("policy", notification.policy());
    return annotations;
  }

  private static String status(Alert alert) {
    return alert.endsAt() == null ? "firing" : "resolved";
  }

  /** The annotations of one alert. */
  public static Map<String, String> annotations(Notification notification) {
    Finding finding = notification.alert().finding();
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(
        "summary", AlertText.oneLine(notification.host() + ": " + AlertText.message(notification)));
    annotations.put("description", description(notification));
    annotations.put("policy", notification.policy());
    putUnlessEmpty(annotations, "owner", AlertText.owners(finding.owners()));
    putUnlessEmpty(annotations, "parent", AlertText.parents(finding.owners()));
    putUnlessEmpty(
        annotations, "evidence", AlertText.first(finding.evidence(), line -> line, "\n"));
    BriefOpening brief = finding.brief();
    if (brief != null) {
      annotations.put("brief_open_seconds", Double.toString(brief.openFor().toNanos() / 1e9));
      annotations.put("brief_count", Long.toString(brief.count()));
      annotations.put("brief_first", AlertText.time(brief.first()));
      annotations.put("brief_last", AlertText.time(brief.last()));
    }
    if (finding.because() != null) {
      annotations.put("because", finding.because());
    }
    URI runbook = finding.notifySettings().runbook();
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
    return AlertText.message(notification)
        + ". Rule "
        + finding.rule()
        + ", severity "
        + finding.severity().label()
        + ", on "
        + notification.host()
        + ", first seen "
        + AlertText.time(alert.startsAt())
        + (endsAt == null ? "." : ", resolved " + AlertText.time(endsAt) + ".");
  }

  /** Alertmanager's form: the route, a colon, and the labels of the group in order. */
  private static String groupKey(Map<String, String> group) {
    return group.entrySet().stream()
        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + '"')
        .collect(Collectors.joining(", ", "{}:{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
