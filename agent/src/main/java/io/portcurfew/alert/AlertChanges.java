package io.portcurfew.alert;

import java.util.List;

/**
 * The changes of one scan: the alerts after it, the notifications to send and the alerts to save.
 *
 * @param toNotify firing alerts first, the worst first, then alerts whose finding is gone
 * @param toSave new alerts, alerts with a notification and alerts whose state changed
 * @param dropped the ids of alerts that ended without any notification
 */
public record AlertChanges(
    Alerts after, List<Change> toNotify, List<Alert> toSave, List<String> dropped) {

  /** An alert after the scan and the reason of its notification. */
  public record Change(Alert alert, Reason reason) {}

  public AlertChanges {
    toNotify = List.copyOf(toNotify);
    toSave = List.copyOf(toSave);
    dropped = List.copyOf(dropped);
  }

  /** The alerts to notify for this reason. */
  public List<Alert> alerts(Reason reason) {
    return toNotify.stream().filter(c -> c.reason() == reason).map(Change::alert).toList();
  }

  /** The alerts that started to fire. */
  public List<Alert> fired() {
    return alerts(Reason.FIRST);
  }

  /** The alerts that were firing and are resolved. */
  public List<Alert> resolved() {
    return alerts(Reason.RESOLVED);
  }

  /** True if there is nothing to save. */
  public boolean isEmpty() {
    return toNotify.isEmpty() && toSave.isEmpty() && dropped.isEmpty();
  }
}
