package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.Json;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.message.AlertPayload;
import io.portcurfew.notify.message.EcsLine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every notification carries the head of the audit log, for every kind of receiver. */
class HistoryHeadTest {

  private static final String HEAD = "611:9f86d081884c7d65";

  static Stream<Notification> notifications() {
    return Stream.of(
        SampleNotifications.first(),
        Notification.of(List.of(SampleNotifications.first(), SampleNotifications.resolved())));
  }

  @ParameterizedTest
  @MethodSource("notifications")
  void everyFormatHasTheHead(Notification one) {
    Notification stamped = one.at(HEAD);
    assertThat(Json.compact(AlertPayload.of(stamped, "ops", "portcurfew/1"))).contains(HEAD);
    assertThat(Json.compact(SlackMessage.of(stamped, null))).contains(HEAD);
    assertThat(Json.compact(EcsLine.of(stamped, SampleNotifications.NOON))).contains(HEAD);
    assertThat(MailText.of(stamped).plain()).contains(HEAD);
    assertThat(MailText.of(stamped).html()).contains(HEAD);
    assertThat(
            Rfc5424.of(SyslogLine.of(stamped, "words", 3, SampleNotifications.NOON, 8000))
                .data()
                .get(SyslogLine.ID))
        .containsEntry("history", HEAD);
  }

  @ParameterizedTest
  @MethodSource("notifications")
  void alertsOfAlertmanagerAndPagerdutyHaveTheHead(Notification one) {
    Notification stamped = one.at(HEAD);
    assertThat(
            Json.compact(
                AlertmanagerAlerts.of(
                    List.of(stamped), SampleNotifications.NOON, SampleNotifications.NOON)))
        .contains("\"history_head\":\"" + HEAD);
    Secret key = Secret.of("0123456789abcdef".getBytes(UTF_8));
    assertThat(Json.compact(PagerdutyEvent.of(SampleNotifications.first().at(HEAD), key, null)))
        .contains(HEAD);
  }
}
