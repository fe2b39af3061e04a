package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertChanges;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Alerts;
import io.portcurfew.alert.NotificationState;
import io.portcurfew.alert.Reason;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NotificationFactoryTest {

  private static final Alert FIRING = SampleNotifications.first().alert();
  private static final Alert OVER = SampleNotifications.resolved().alert();

  @Test
  void eachChangeIsOneNotification_startsComeFirst() {
    List<Notification> delivered =
        NotificationFactory.of(changes(List.of(FIRING), List.of(OVER)), "web-1", "0123456789ab");

    assertThat(delivered)
        .extracting(Notification::reason)
        .containsExactly(Reason.FIRST, Reason.RESOLVED);
    assertThat(delivered).extracting(Notification::alert).containsExactly(FIRING, OVER);
    assertThat(delivered).extracting(Notification::host).containsOnly("web-1");
    assertThat(delivered).extracting(Notification::policy).containsOnly("0123456789ab");
    assertThat(delivered).extracting(Notification::id).doesNotHaveDuplicates().doesNotContain("a1");
  }

  @Test
  void sameChange_hasTheSameId() {
    AlertChanges changes = changes(List.of(FIRING), List.of(OVER));

    assertThat(NotificationFactory.of(changes, "web-1", "0123456789ab"))
        .isEqualTo(NotificationFactory.of(changes, "web-1", "0123456789ab"));
  }

  @Test
  void twoOwnersAtOneInstant_haveDifferentIds() {
    Instant now = FIRING.startsAt();
    assertThat(Stream.of(1, 2, 3).map(count -> changedOwner(now, count).id()).toList())
        .doesNotHaveDuplicates();
  }

  private static Notification changedOwner(Instant now, int changes) {
    NotificationState state =
        new NotificationState(
            now, List.of(), Collections.nCopies(changes, now), false, null, null, new TreeSet<>());
    Alert alert = new Alert(FIRING.id(), AlertState.FIRING, FIRING.finding(), now, null, state);
    List<AlertChanges.Change> change = List.of(new AlertChanges.Change(alert, Reason.CHANGED));
    AlertChanges changed = new AlertChanges(Alerts.NONE, change, List.of(), List.of());
    return NotificationFactory.of(changed, "web-1", "0123456789ab").get(0);
  }

  @Test
  void noChange_isNoNotification() {
    assertThat(NotificationFactory.of(changes(List.of(), List.of()), "web-1", "0123456789ab"))
        .isEmpty();
  }

  private static AlertChanges changes(List<Alert> fired, List<Alert> resolved) {
    List<AlertChanges.Change> delivered =
        Stream.concat(
                fired.stream().map(alert -> new AlertChanges.Change(alert, Reason.FIRST)),
                resolved.stream().map(alert -> new AlertChanges.Change(alert, Reason.RESOLVED)))
            .toList();
    return new AlertChanges(Alerts.NONE, delivered, List.of(), List.of());
  }
}
