package io.portcurfew.notify.receivers;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import java.util.List;
import java.util.function.Supplier;

/**
 * The alerts that fire now and that people were told of, for receivers that take an alert for over
 * when they do not hear of it again.
 */
public final class FiringAlerts implements Supplier<List<Notification>> {

  private volatile Supplier<List<Notification>> now = List::of;

  /** From now on it is these, as a scan left them. */
  public void are(Alerts alerts, String host, String policy) {
    now =
        () ->
            alerts.open().values().stream()
                .filter(FiringAlerts::wasTold)
                .map(alert -> new Notification(alert.id(), Reason.REPEATED, alert, host, policy))
                .toList();
  }

  private static boolean wasTold(Alert alert) {
    return alert.state() == AlertState.FIRING
        && alert.notificationState().notifiedAt() != null
        && alert.notificationState().held() != Reason.FIRST;
  }

  /** They are worked out only when somebody asks. */
  @Override
  public List<Notification> get() {
    return now.get();
  }
}
