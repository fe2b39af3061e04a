package io.portcurfew.notify.message;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values that a template can use, with the names of the webhook payload. */
final class TemplateFacts {

  /** The list; all others are text, empty if unknown. */
  static final String ALERTS = "alerts";

  /** All names in display order. */
  static final List<String> NAMES =
      List.of(
          "status",
          "reason",
          "summary",
          "description",
          "alertname",
          "kind",
          "rule",
          "severity",
          "host",
          "endpoint",
          "protocol",
          "address",
          "port",
          "namespace",
          "owner",
          "parent",
          "evidence",
          "because",
          "runbook_url",
          "labels",
          "policy",
          "startsAt",
          "endsAt",
          "id",
          "fingerprint",
          "history_head",
          "count",
          ALERTS);

  private TemplateFacts() {}

  /** The values of a notification for Mustache. */
  static Map<String, Object> of(Notification one) {
    Summary summary = one.summary();
    List<Notification> shown = summary == null ? List.of(one) : summary.shown();
    Map<String, Object> facts = summary == null ? ofAlert(one) : of(one, summary);
    facts.put(ALERTS, shown.stream().map(each -> ofAlert(each.at(one.head()))).toList());
    return facts;
  }

  private static Map<String, Object> of(Notification one, Summary summary) {
    Map<String, Object> facts = common(one, AlertPayload.annotations(one, summary));
    put(facts, "count", summary.count());
    return facts;
  }

  private static Map<String, Object> ofAlert(Notification one) {
    Alert alert = one.alert();
    Finding finding = alert.finding();
    Map<String, Object> facts = common(one, AlertPayload.annotations(one));
    put(facts, "kind", finding.kind().label());
    put(facts, "endpoint", finding.endpoint());
    put(facts, "labels", labels(finding.notifySettings().labels()));
    put(facts, "startsAt", AlertText.time(alert.startsAt()));
    Instant endsAt = alert.endsAt();
    put(facts, "endsAt", endsAt == null ? null : AlertText.time(endsAt));
    put(facts, "fingerprint", alert.id());
    put(facts, "count", 1);
    facts.put("evidence", AlertText.first(finding.evidence(), AlertText::oneLine, "\n"));
    return facts;
  }

  /** Every name has a value, also that of the list, so that a list inside a list is empty. */
  private static Map<String, Object> common(Notification one, Map<String, String> annotations) {
    Map<String, Object> facts = new HashMap<>();
    NAMES.forEach(name -> facts.put(name, ""));
    AlertLabels.own(one).forEach((name, value) -> put(facts, name, value));
    annotations.forEach((name, value) -> put(facts, name, value));
    put(facts, "status", AlertPayload.status(one));
    put(facts, "reason", one.reason().label());
    put(facts, "id", one.id());
    put(facts, "history_head", one.head());
    return facts;
  }

  private static String labels(SortedMap<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(", "));
  }

  private static void put(Map<String, Object> into, String name, @Nullable Object value) {
    if (value != null) {
      into.put(name, AlertText.oneLine(value.toString()));
    }
  }
}
