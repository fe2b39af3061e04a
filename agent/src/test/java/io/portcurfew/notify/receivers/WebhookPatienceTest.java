package io.portcurfew.notify.receivers;

import static io.portcurfew.notify.receivers.Webhooks.LONG;
import static io.portcurfew.notify.receivers.Webhooks.SHORT;
import static io.portcurfew.notify.receivers.Webhooks.assertNoSecret;
import static io.portcurfew.notify.receivers.Webhooks.notifier;
import static io.portcurfew.notify.receivers.Webhooks.retry;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.SampleNotifications;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that drip, flood, hang or send garbage. The time limit shows that an attempt ends. */
@Timeout(60)
class WebhookPatienceTest {

  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void endlessBody_isNotReadToItsEnd(int status) throws Exception {
    byte[] chunk = new byte[64 * 1024];
    try (RawReceiver receiver =
        new RawReceiver(
            out -> {
              out.write(
                  ("HTTP/1.1 " + status + " X\r\nContent-Length: 1073741824\r\n\r\n")
                      .getBytes(UTF_8));
              for (int sent = 0; sent < 16 * 1024; sent++) {
                out.write(chunk);
              }
            })) {
      Delivery outcome = notifier(receiver.url("http"), LONG).deliver(SampleNotifications.first());

      assertThat(outcome)
          .isInstanceOf(status == 200 ? Delivery.Delivered.class : Delivery.Retry.class);
      assertThat(receiver.wasCut()).as("closed before 1 GiB was sent").isTrue();
    }
  }

  @Test
  void drippingHeaders_endWithTheTimeLimit() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("HTTP/1.1 200 OK\r\n", "X: y\r\n")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(SampleNotifications.first());

      assertThat(outcome).isEqualTo(retry(receiver, "no answer within 400 ms"));
      assertThat(receiver.wasCut()).isTrue();
    }
  }

  @Test
  void drippingBody_endsWithTheTimeLimitAndTheStatusCounts() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("HTTP/1.1 200 OK\r\n\r\n", "x")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(SampleNotifications.first());

      assertThat(outcome).isEqualTo(new Delivery.Delivered("200"));
      assertThat(receiver.wasCut()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void silentReceiver_endsWithTheTimeLimit(String scheme) throws Exception {
    try (RawReceiver receiver = RawReceiver.hanging()) {
      Delivery outcome = notifier(receiver.url(scheme), SHORT).deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void floodOfInterimAnswers_endsWithTheTimeLimit() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("", "HTTP/1.1 100 Continue\r\n\r\n")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.class).isNotInstanceOf(Delivery.Delivered.class);
    }
  }

  @Test
  void fastFloodOfInterimAnswers_isARetry() throws Exception {
    byte[] many = "HTTP/1.1 100 Continue\r\n\r\n".repeat(4_000).getBytes(US_ASCII);
    RawReceiver.Answer flood =
        out -> {
          while (true) {
            out.write(many);
          }
        };
    try (RawReceiver receiver = new RawReceiver(flood)) {
      Delivery outcome =
          notifier(receiver.url("http"), Duration.ofSeconds(30))
              .deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"})
  void cancelledAttempt_leavesNoThread(String start) throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping(start, "X: y\r\n")) {
      WebhookNotifier notifier = notifier(receiver.url("http"), SHORT);
      notifier.deliver(SampleNotifications.first());
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("portcurfew-webhook")) {
          thread.join();
        }
      }
      assertThat(notifier.deliver(SampleNotifications.first()))
          .as("its place is free again")
          .isNotEqualTo(retry(receiver, "the attempt before has not ended yet"));
    }
  }

  @Test
  void neverMoreThanOneAttempt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            out -> {
              asked.countDown();
              answer.await();
            })) {
      WebhookNotifier notifier = notifier(receiver.url("http"), LONG);
      FutureTask<Delivery> first =
          new FutureTask<>(() -> notifier.deliver(SampleNotifications.first()));
      new Thread(first, "first").start();
      asked.await();

      assertThat(notifier.deliver(SampleNotifications.first()))
          .isEqualTo(retry(receiver, "the previous attempt has not ended yet"));
      answer.countDown();
      assertThat(first.get()).isInstanceOf(Delivery.Retry.class);
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage without an end",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1",
        "HTTP/1.1 xyz\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008",
      })
  void garbage_isARetry(String answer) throws Exception {
    try (RawReceiver receiver = RawReceiver.sending(answer)) {
      Delivery outcome = notifier(receiver.url("http"), LONG).deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertNoSecret(outcome);
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @Test
  void headerBomb_isARetry() throws Exception {
    String bomb =
        "HTTP/1.1 200 OK\r\n" + "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(20_000);
    try (RawReceiver receiver = RawReceiver.sending(bomb)) {
      assertThat(notifier(receiver.url("http"), LONG).deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Retry.class);
    }
  }
}
