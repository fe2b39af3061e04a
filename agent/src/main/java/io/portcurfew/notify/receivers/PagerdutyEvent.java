package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Alert;
import io.portcurfew.judge.Finding;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertFacts;
import io.portcurfew.notify.message.AlertText;
import io.portcurfew.notify.message.TextTemplate;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An alert as an event of PagerDuty's Events API v2. All events of an alert have its id as their
 * key: a second event opens no second incident, and the resolution closes the first.
 */
final class PagerdutyEvent {

  private static final int LONGEST_SUMMARY = 1_000;

  private PagerdutyEvent() {}

  /**
   * As a tree for {@link io.portcurfew.json.Json}.
   *
   * @param one a notification about one alert
   * @param own the operator's template for the summary; {@code null} for the default
   */
  static Map<String, Object> of(Notification one, Secret routingKey, @Nullable TextTemplate own) {
    Alert alert = one.alert();
    boolean over = alert.endsAt() != null;
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("routing_key", routingKey.text());
    event.put("event_action", over ? "resolve" : "trigger");
    event.put("dedup_key", alert.id());
    if (!over) {
      event.put("payload", payload(one, own));
      event.put("client", "portcurfew");
      URI runbook = alert.finding().notifySettings().runbook();
      if (runbook != null) {
        event.put("links", List.of(Map.of("href", runbook.toString(), "text", "Runbook")));
      }
    }
    return event;
  }

  private static Map<String, Object> payload(Notification one, @Nullable TextTemplate own) {
    Finding finding = one.alert().finding();
    String usual = one.host() + ": " + AlertText.message(one);
    String words = AlertText.oneLine(TextTemplate.words(own, one, usual));
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("summary", AlertText.cut(words, LONGEST_SUMMARY));
    payload.put("source", one.host().isEmpty() ? "unknown" : one.host());
    payload.put("severity", finding.severity().label());
    payload.put("timestamp", AlertText.time(one.alert().startsAt()));
    payload.put("group", finding.rule());
    payload.put("class", finding.kind().label());
    payload.put("custom_details", AlertFacts.of(one));
    return payload;
  }
}
