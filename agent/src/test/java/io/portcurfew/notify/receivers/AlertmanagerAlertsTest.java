package io.portcurfew.notify.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Alertmanager refuses an alert that ends before its start: Validate of prometheus/common. */
class AlertmanagerAlertsTest {

  private static final Instant NOW = SampleNotifications.NOON;
  private static final Instant UNTIL = NOW.plus(Duration.ofMinutes(3));
  private static final String BEFORE_THE_STEP = "2026-11-23T14:00:00.000Z";

  private static Map<String, Object> sent(AlertState state, Instant start, Instant end) {
    Notification one = SampleNotifications.first();
    Alert alert = new Alert("a1", state, one.alert().finding(), start, end);
    Notification sent =
        new Notification(one.id(), one.reason(), alert, one.host(), one.policy(), null);
    return AlertmanagerAlerts.of(List.of(sent), NOW, UNTIL).get(0);
  }

  @Test
  void firingAlertThatStartsAfterNow_startsNow() {
    Map<String, Object> sent = sent(AlertState.FIRING, Instant.parse(BEFORE_THE_STEP), null);
    assertThat(sent)
        .containsEntry("startsAt", "2026-11-23T12:00:00.000Z")
        .containsEntry("endsAt", "2026-11-23T12:03:00.000Z");
  }

  @Test
  void resolvedAlertThatEndsAfterNow_endsNow() {
    Instant end = Instant.parse(BEFORE_THE_STEP);
    Map<String, Object> sent = sent(AlertState.RESOLVED, end, end);
    assertThat(sent)
        .containsEntry("startsAt", "2026-11-23T12:00:00.000Z")
        .containsEntry("endsAt", "2026-11-23T12:00:00.000Z");
  }

  @Test
  void timesBeforeNow_stay() {
    Map<String, Object> sent =
        sent(AlertState.RESOLVED, NOW.minusSeconds(60), NOW.minusSeconds(30));
    assertThat(sent)
        .containsEntry("startsAt", "2026-11-23T11:59:00.000Z")
        .containsEntry("endsAt", "2026-11-23T11:59:30.000Z");
  }

  /** The last alert of a request with the same labels stands. */
  @Test
  void endedAlertOfSummary_isSentBeforeOneThatFires() {
    Notification ended = SampleNotifications.resolved();
    Notification first = SampleNotifications.first();
    Alert again =
        new Alert("a2", AlertState.FIRING, first.alert().finding(), NOW.minusSeconds(1), null);
    Notification fires =
        new Notification("n3", first.reason(), again, first.host(), first.policy());

    List<Map<String, Object>> sent =
        AlertmanagerAlerts.of(
            List.of(Notification.of(List.of(ended, fires))), NOW.plusSeconds(60), UNTIL);
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).get("labels")).isEqualTo(sent.get(1).get("labels"));
    assertThat(sent.get(1)).containsEntry("endsAt", "2026-11-23T12:03:00.000Z");
  }
}
