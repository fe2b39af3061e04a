package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.notify.AlertLabels;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.Summary;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.message.AlertText;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Alerts in the form of Alertmanager's API v2: {@code postableAlert} of its OpenAPI description.
 * Alertmanager identifies an alert by its labels.
 */
final class AlertmanagerAlerts {

  private static final Comparator<Notification> ENDED_FIRST =
      Comparator.comparing(one -> one.alert().state() == AlertState.FIRING);

  private AlertmanagerAlerts() {}

  /**
   * As a tree for {@link io.portcurfew.json.Json}. No time is after now, but that at which a firing
   * alert ends: after the clock was set back an alert would seem to fire until its old end, and
   * Alertmanager refuses one that ends before its start.
   *
   * @param now the time of the request
   * @param until the time at which a firing alert ends in Alertmanager, unless it is sent again
   */
  static List<Map<String, Object>> of(List<Notification> all, Instant now, Instant until) {
    return all.stream()
        .flatMap(AlertmanagerAlerts::single)
        .map(one -> alert(one, now, until))
        .toList();
  }

  /** The labels of its alerts that ended. */
  static Set<Map<String, String>> endedLabels(Notification one) {
    return single(one)
        .filter(each -> each.alert().state() == AlertState.RESOLVED)
        .<Map<String, String>>map(AlertLabels::all)
        .collect(Collectors.toSet());
  }

  /** Those that ended come first: the last one with the same labels stands. */
  private static Stream<Notification> single(Notification one) {
    Summary summary = one.summary();
    return summary == null
        ? Stream.of(one)
        : summary.shown().stream().sorted(ENDED_FIRST).map(each -> each.at(one.head()));
  }

  private static Map<String, String> annotations(Notification one) {
    Map<String, String> annotations = new TreeMap<>(AlertPayload.annotations(one));
    String head = one.head();
    if (head != null) {
      annotations.put("history_head", head);
    }
    return annotations;
  }

  private static Map<String, Object> alert(Notification one, Instant now, Instant until) {
    Alert alert = one.alert();
    Instant endsAt = alert.endsAt();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("labels", AlertLabels.all(one));
    tree.put("annotations", annotations(one));
    tree.put("startsAt", AlertText.time(earlier(alert.startsAt(), now)));
    tree.put("endsAt", AlertText.time(endsAt == null ? until : earlier(endsAt, now)));
    return tree;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
