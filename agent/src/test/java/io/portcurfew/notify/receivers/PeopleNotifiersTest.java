package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.alert.Alert;
import io.portcurfew.alert.AlertState;
import io.portcurfew.alert.Reason;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Slack and PagerDuty, with a local HTTP server. */
@Timeout(60)
class PeopleNotifiersTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final InstantSource NOON = InstantSource.fixed(SampleNotifications.NOON);

  private static JsonNode body(HttpReceiver receiver, int request) {
    return new JsonMapper().readTree(receiver.requests.get(request).body());
  }

  private static PagerdutyNotifier pager(HttpReceiver receiver) {
    Secret key = Secret.of("0123456789abcdef".getBytes(UTF_8));
    PagerdutySettings settings =
        new PagerdutySettings(
            receiver.url("/v2/enqueue"), key, TrustedAuthorities.OF_THE_HOST, null, LONG);
    return new PagerdutyNotifier("pager", settings, "portcurfew/1", NOON);
  }

  @Test
  void slackGetsBlocksAndAText() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(200)) {
      SlackSettings settings =
          new SlackSettings(
              receiver.url("/services/T0/B0/xyz"), TrustedAuthorities.OF_THE_HOST, null, LONG);
      Delivery outcome =
          new SlackNotifier("chat", settings, "portcurfew/1", NOON)
              .deliver(SampleNotifications.first());
      assertThat(outcome).isEqualTo(new Delivery.Delivered("200: ok"));
      JsonNode message = body(receiver, 0);
      assertThat(message.get("text").asString()).startsWith("web-1: ALERT open critical");
      assertThat(message.at("/blocks/0/type").asString()).isEqualTo("header");
      assertThat(message.at("/blocks/2/fields/0/text").asString()).isEqualTo("Rule: npmp-gui");
    }
  }

  @Test
  void incidentOpensAndClosesByOneKey() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(202)) {
      PagerdutyNotifier pager = pager(receiver);
      assertThat(pager.deliver(SampleNotifications.first())).isInstanceOf(Delivery.Delivered.class);
      assertThat(pager.deliver(SampleNotifications.resolved()))
          .isInstanceOf(Delivery.Delivered.class);
      assertThat(body(receiver, 0).get("routing_key").asString()).isEqualTo("0123456789abcdef");
      assertThat(body(receiver, 0).get("event_action").asString()).isEqualTo("trigger");
      assertThat(body(receiver, 0).at("/payload/severity").asString()).isEqualTo("critical");
      assertThat(body(receiver, 0).at("/payload/source").asString()).isEqualTo("web-1");
      assertThat(body(receiver, 1).get("event_action").asString()).isEqualTo("resolve");
      assertThat(body(receiver, 1).get("dedup_key")).isEqualTo(body(receiver, 0).get("dedup_key"));
    }
  }

  @Test
  void summary_isOneIncidentForEachAlert() throws Exception {
    Notification other = SampleNotifications.labelled(Map.of());
    try (HttpReceiver receiver = HttpReceiver.answering(202)) {
      pager(receiver)
          .deliver(
              Notification.of(
                  List.of(SampleNotifications.first(), other, SampleNotifications.resolved())));
      assertThat(receiver.requests).hasSize(1);
      assertThat(body(receiver, 0).get("event_action").asString()).isEqualTo("resolve");
    }
  }

  @Test
  void rateLimitWithinASummary_isContinuedAfterTheLastEvent() throws Exception {
    List<Notification> all = new ArrayList<>();
    for (int port = 1; port <= 5; port++) {
      all.add(opened(port));
    }
    AtomicInteger window = new AtomicInteger();
    try (HttpReceiver receiver =
        new HttpReceiver(headers -> window.getAndIncrement() % 3 == 2 ? 429 : 202)) {
      PagerdutyNotifier pager = pager(receiver);
      Notification summary = Notification.of(all);
      assertThat(pager.deliver(summary)).isInstanceOf(Delivery.Retry.class);
      assertThat(pager.deliver(summary)).isInstanceOf(Delivery.Retry.class);
      assertThat(pager.deliver(summary)).isInstanceOf(Delivery.Delivered.class);
      assertThat(receiver.requests).hasSize(7);
      assertThat(IntStream.range(0, 7).mapToObj(i -> body(receiver, i).get("dedup_key").asString()))
          .containsExactly("a1", "a2", "a3", "a3", "a4", "a5", "a5");
    }
  }

  private static Notification opened(int port) {
    Alert alert =
        new Alert(
            "a" + port,
            AlertState.FIRING,
            SampleNotifications.first().alert().finding(),
            SampleNotifications.NOON,
            null);
    return new Notification("n" + port, Reason.FIRST, alert, "web-1", "0123456789ab");
  }

  @Test
  void statusOfPagerdutyDecidesTheOutcome() throws Exception {
    try (HttpReceiver never = HttpReceiver.answering(400);
        HttpReceiver later = HttpReceiver.answering(429)) {
      assertThat(pager(never).deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Refused.class);
      assertThat(pager(later).deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Retry.class);
    }
  }
}
