package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import java.util.List;
import java.util.function.Supplier;

/**
 * The firing alerts that were notified, for receivers that resolve an alert when it is not
 * repeated.
 */
public final class FiringAlerts implements Supplier<List<Notification>> {

  private volatile Supplier<List<Notification>> now = List::of;

  /** Replaces the alerts after a scan. */
  public void update(Alerts alerts, String host, String policy) {
    now =
        () ->
            alerts.open().values().stream()
                .filter(Alert::wasNotified)
                .map(alert -> new Notification(alert.id(), Reason.REPEATED, alert, host, policy))
                .toList();
  }

  /** Made on demand only. */
  @Override
  public List<Notification> get() {
    return now.get();
  }
}
