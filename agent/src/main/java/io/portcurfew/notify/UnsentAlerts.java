package io.portcurfew.notify;

import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The alerts that began since the agent started and of which one receiver was sent no message: it
 * does not need their ends. Not thread-safe.
 */
final class UnsentAlerts {

  private final Set<String> ids = new HashSet<>();

  /** A notification is queued. Beyond the maximum of open alerts an alert counts as sent. */
  void queued(Notification one) {
    if (one.reason() == Reason.FIRST && ids.size() < Alerts.MOST) {
      ids.add(one.alert().id());
    }
  }

  /** An attempt to send this begins, which may reach the receiver. */
  void attempted(Notification one) {
    ids.removeAll(Summary.latest(Set.of(one)).keySet());
  }

  /** A summary replaces these: an end that it does not list will never be sent. */
  void replaced(List<Notification> all, Summary by) {
    Map<String, Notification> latest = Summary.latest(all);
    by.shown().forEach(one -> latest.remove(one.alert().id()));
    latest.forEach(
        (alert, one) -> {
          if (one.alert().state() == AlertState.RESOLVED) {
            ids.remove(alert);
          }
        });
  }

  boolean wasSent(String alert) {
    return !ids.contains(alert);
  }
}
