package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notification;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.policy.Severity;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class AlertmanagerNotifierTest {

  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private static AlertmanagerNotifier notifier(
      Duration every, List<Notification> firing, HttpReceiver... peers) {
    return notifier(every, firing, new ReentrantLock(), peers);
  }

  private static AlertmanagerNotifier notifier(
      Duration every, List<Notification> firing, ReentrantLock lock, HttpReceiver... peers) {
    List<URI> urls = Stream.of(peers).map(peer -> peer.url("/am")).toList();
    Secret token = Secret.of("t0ken-t0ken".getBytes(UTF_8));
    AlertmanagerSettings settings =
        new AlertmanagerSettings(urls, token, TrustedAuthorities.OF_THE_HOST, every, LONG);
    return new AlertmanagerNotifier(
        "am",
        settings,
        "portcurfew/1",
        InstantSource.fixed(SampleNotifications.NOON.plusSeconds(60)),
        () -> firing,
        lock);
  }

  private static JsonNode body(HttpReceiver receiver, int request) {
    return new JsonMapper().readTree(receiver.requests.get(request).body());
  }

  @Test
  void firingAlert_endsThreeRoundsAhead() throws Exception {
    try (HttpReceiver am = HttpReceiver.answering(200);
        AlertmanagerNotifier notifier = notifier(NEVER, List.of(), am)) {
      assertThat(notifier.deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Delivered.class);
      assertThat(notifier.deliver(SampleNotifications.resolved()))
          .isInstanceOf(Delivery.Delivered.class);

      assertThat(am.requests.get(0).path()).isEqualTo("/am/api/v2/alerts");
      assertThat(am.requests.get(0).header("Authorization")).isEqualTo("Bearer t0ken-t0ken");
      JsonNode firing = body(am, 0).get(0);
      JsonNode over = body(am, 1).get(0);
      assertThat(firing.get("startsAt").asString()).isEqualTo("2026-11-23T12:00:00.000Z");
      assertThat(firing.get("endsAt").asString()).isEqualTo("2026-11-23T15:01:00.000Z");
      assertThat(over.get("endsAt").asString()).isEqualTo("2026-11-23T12:00:10.250Z");
      assertThat(over.get("labels")).isEqualTo(firing.get("labels"));
    }
  }

  @Test
  void onePeerAccepts_isDelivered_andAllAreTried() throws Exception {
    try (HttpReceiver down = HttpReceiver.answering(503);
        HttpReceiver up = HttpReceiver.answering(200);
        AlertmanagerNotifier notifier = notifier(NEVER, List.of(), down, up)) {
      Delivery outcome = notifier.deliver(SampleNotifications.first());
      assertThat(outcome)
          .isEqualTo(
              new Delivery.Delivered(
                  down.url("").getAuthority()
                      + " answered 503; "
                      + up.url("").getAuthority()
                      + " answered 200: ok"));
      assertThat(down.requests).hasSize(1);
      assertThat(up.requests).hasSize(1);
    }
  }

  @Test
  void onePeerDown_isARetry_allRefuse_isRefused() throws Exception {
    try (HttpReceiver down = HttpReceiver.answering(503);
        HttpReceiver never = HttpReceiver.answering(400);
        AlertmanagerNotifier some = notifier(NEVER, List.of(), never, down);
        AlertmanagerNotifier none = notifier(NEVER, List.of(), never, never)) {
      assertThat(some.deliver(SampleNotifications.first())).isInstanceOf(Delivery.Retry.class);
      assertThat(none.deliver(SampleNotifications.first())).isInstanceOf(Delivery.Refused.class);
    }
  }

  private static HttpReceiver receiver(BlockingQueue<String> requests) throws Exception {
    return new HttpReceiver(
        headers -> {
          requests.add("asked");
          return 200;
        });
  }

  @Test
  void firingAlert_isResentUntilItIsResolved() throws Exception {
    List<Notification> firing = Collections.synchronizedList(new ArrayList<>());
    firing.add(SampleNotifications.first());
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (HttpReceiver am = receiver(requests);
        AlertmanagerNotifier notifier = notifier(Duration.ofMillis(20), firing, am)) {
      for (int i = 0; i < 3; i++) {
        requests.take();
      }
      firing.clear();
      assertThat(notifier.deliver(SampleNotifications.resolved()))
          .isInstanceOf(Delivery.Delivered.class);
      int last = am.requests.size() - 1;
      assertThat(body(am, 0).get(0).get("endsAt").asString()).isEqualTo("2026-11-23T12:01:00.060Z");
      assertThat(body(am, last).get(0).get("endsAt").asString())
          .isEqualTo("2026-11-23T12:00:10.250Z");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void replacedNotifier_itsLastRoundComesBeforeTheNextDelivery() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ReentrantLock lock = new ReentrantLock();
    try (HttpReceiver am =
        new HttpReceiver(
            headers -> {
              asked.countDown();
              await(answer);
              return 200;
            })) {
      AlertmanagerNotifier before = notifier(NEVER, List.of(SampleNotifications.first()), lock, am);
      asked.await();
      before.close();
      try (AlertmanagerNotifier after = notifier(NEVER, List.of(), lock, am)) {
        FutureTask<Delivery> delivery =
            new FutureTask<>(() -> after.deliver(SampleNotifications.resolved()));
        new Thread(delivery, "delivery").start();
        // Its first round waits too.
        while (lock.getQueueLength() < 2 && !delivery.isDone()) {
          Thread.onSpinWait();
        }
        answer.countDown();
        assertThat(delivery.get()).isInstanceOf(Delivery.Delivered.class);
        assertThat(body(am, 1).get(0).get("endsAt").asString())
            .isEqualTo("2026-11-23T12:00:10.250Z");
      }
    }
  }

  @Test
  void withoutFiringAlerts_nothingIsSent() throws Exception {
    List<Notification> firing = Collections.synchronizedList(new ArrayList<>());
    BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    try (HttpReceiver am = receiver(requests);
        AlertmanagerNotifier notifier = notifier(Duration.ofMillis(20), firing, am)) {
      for (int i = 0; i < 3; i++) {
        firing.add(SampleNotifications.first());
        notifier.somethingFires();
        requests.take();
        requests.take();
        firing.clear();
      }
    }
  }

  @Test
  void summary_isSentAsItsAlerts() throws Exception {
    Notification other =
        SampleNotifications.first(
            "n3", SampleNotifications.finding(Severity.WARNING, SampleNotifications.NPMP));
    Notification summary = Notification.of(List.of(SampleNotifications.resolved(), other));
    try (HttpReceiver am = HttpReceiver.answering(200);
        AlertmanagerNotifier notifier = notifier(NEVER, List.of(), am)) {
      notifier.deliver(summary);
      assertThat(body(am, 0)).hasSize(summary.summary().shown().size());
      assertThat(body(am, 0).get(0).at("/labels/alertname").asString()).isEqualTo("PortcurfewOpen");
    }
  }

  /** A summary may have sent the next alert before, since ends wait for a place in it. */
  @Test
  void lateEnd_isSentBeforeTheAlertThatFiresNow() throws Exception {
    try (HttpReceiver am = HttpReceiver.answering(200);
        AlertmanagerNotifier notifier =
            notifier(NEVER, List.of(SampleNotifications.first("n9")), am)) {
      notifier.deliver(SampleNotifications.resolved());
      JsonNode sent =
          IntStream.range(0, am.requests.size())
              .mapToObj(request -> body(am, request))
              .filter(alerts -> alerts.size() == 2)
              .findFirst()
              .orElseThrow();
      assertThat(sent.get(0).get("labels")).isEqualTo(sent.get(1).get("labels"));
      assertThat(sent.get(0).get("endsAt").asString()).isEqualTo("2026-11-23T12:00:10.250Z");
      assertThat(sent.get(1).get("endsAt").asString()).isEqualTo("2026-11-23T15:01:00.000Z");
    }
  }
}
