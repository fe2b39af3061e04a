package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NotificationFactoryTest {

  private static final Alert FIRING = SampleNotifications.first().alert();
  private static final Alert OVER = SampleNotifications.resolved().alert();

  @Test
  void eachChangeIsOneNotificationAndBeginningsComeFirst() {
    List<Notification> told =
        NotificationFactory.of(changes(List.of(FIRING), List.of(OVER)), "web-1", "0123456789ab");

    assertThat(told)
        .extracting(Notification::reason)
        .containsExactly(Reason.FIRST, Reason.RESOLVED);
    assertThat(told).extracting(Notification::alert).containsExactly(FIRING, OVER);
    assertThat(told).extracting(Notification::host).containsOnly("web-1");
    assertThat(told).extracting(Notification::policy).containsOnly("0123456789ab");
    assertThat(told).extracting(Notification::id).doesNotHaveDuplicates().doesNotContain("a1");
  }

  @Test
  void theSameChangeHasTheSameIdAgain() {
    AlertChanges changes = changes(List.of(FIRING), List.of(OVER));

    assertThat(NotificationFactory.of(changes, "web-1", "0123456789ab"))
        .isEqualTo(NotificationFactory.of(changes, "web-1", "0123456789ab"));
  }

  @Test
  void noChangeTellsNothing() {
    assertThat(NotificationFactory.of(changes(List.of(), List.of()), "web-1", "0123456789ab"))
        .isEmpty();
  }

  private static AlertChanges changes(List<Alert> fired, List<Alert> resolved) {
    List<AlertChanges.Change> told =
        Stream.concat(
                fired.stream().map(alert -> new AlertChanges.Change(alert, Reason.FIRST)),
                resolved.stream().map(alert -> new AlertChanges.Change(alert, Reason.RESOLVED)))
            .toList();
    return new AlertChanges(Alerts.NONE, told, List.of(), List.of());
  }
}
