package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertKey;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FiringAlertsTest {

  private final FiringAlerts firing = new FiringAlerts();

  private List<Notification> sent(AlertState state, @Nullable Instant at, @Nullable Reason held) {
    NotificationState course =
        new NotificationState(at, List.of(), List.of(), false, null, held, new TreeSet<>());
    Alert alert =
        new Alert(
            "a1",
            state,
            SampleNotifications.finding(
                Severity.WARNING, SampleNotifications.NPMP, SampleNotifications.PYTHON),
            SampleNotifications.NOON,
            null,
            course);
    TreeMap<AlertKey, Alert> open = new TreeMap<>();
    open.put(alert.key(), alert);
    firing.update(new Alerts(open, List.of(), 0), "web-1", "0123456789ab");
    return firing.get();
  }

  @Test
  void notifiedAlert_firesOnWhileSilenced() {
    assertThat(sent(AlertState.FIRING, SampleNotifications.NOON, null)).hasSize(1);
    assertThat(sent(AlertState.FIRING, SampleNotifications.NOON, Reason.REPEATED)).hasSize(1);
    assertThat(sent(AlertState.PENDING, null, null)).isEmpty();
  }

  @Test
  void alertStartedInASilence_isNotSent() {
    assertThat(sent(AlertState.FIRING, SampleNotifications.NOON, Reason.FIRST)).isEmpty();
  }
}
