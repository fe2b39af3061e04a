package io.portcurfew.notify.receivers;

import static io.portcurfew.notify.receivers.Webhooks.LONG;
import static io.portcurfew.notify.receivers.Webhooks.assertNoSecret;
import static io.portcurfew.notify.receivers.Webhooks.notifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.SampleNotifications;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tests against real sockets. The time limit of the tests shows that an attempt ends. */
@Timeout(60)
class WebhookNotifierTest {

  @Test
  void postsTheAlertWithItsIdAndSignature() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(200)) {
      Delivery outcome =
          notifier(receiver.url("/hook?token=t0ken"), LONG).deliver(SampleNotifications.first());

      assertThat(outcome).isEqualTo(new Delivery.Delivered("200: ok"));
      HttpReceiver.Request request = receiver.requests.get(0);
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.path()).isEqualTo("/hook?token=t0ken");
      assertThat(request.header("Content-type")).isEqualTo("application/json");
      assertThat(request.header("User-agent")).isEqualTo("portcurfew/0.1.0");
      assertThat(request.header("Connection")).isEqualTo("close");
      assertThat(request.header("Idempotency-key")).isEqualTo("n1");
      assertThat(new JsonMapper().readTree(request.body()).path("id").asString()).isEqualTo("n1");
      assertThat(request.header("X-portcurfew-signature"))
          .isEqualTo("sha256=" + hmac(request.body().getBytes(UTF_8)));
    }
  }

  @Test
  void withoutASecret_nothingIsSigned() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(200)) {
      WebhookSettings settings = new WebhookSettings(receiver.url("/"), null, LONG);
      new WebhookNotifier("ops", settings, "0.1.0", InstantSource.fixed(SampleNotifications.NOON))
          .deliver(SampleNotifications.first());

      assertThat(receiver.requests.get(0).headers()).doesNotContainKey("X-portcurfew-signature");
    }
  }

  @Test
  void repeatIsTheSameRequest() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(503)) {
      WebhookNotifier notifier = notifier(receiver.url("/"), LONG);
      notifier.deliver(SampleNotifications.first());
      notifier.deliver(SampleNotifications.first());

      assertThat(receiver.requests).hasSize(2);
      assertThat(receiver.requests.get(0).body()).isEqualTo(receiver.requests.get(1).body());
      assertThat(receiver.requests)
          .extracting(request -> request.header("Idempotency-key"))
          .containsExactly("n1", "n1");
    }
  }

  @Test
  void statusDecidesTheOutcome() throws Exception {
    AtomicInteger status = new AtomicInteger();
    try (RawReceiver receiver =
        new RawReceiver(
            out ->
                out.write(
                    ("HTTP/1.1 " + status + " X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(UTF_8)))) {
      WebhookNotifier notifier = notifier(receiver.url("http"), LONG);
      for (int code = 200; code < 600; code++) {
        status.set(code);
        assertThat(notifier.deliver(SampleNotifications.first()))
            .as("status " + code)
            .isEqualTo(expected(receiver, code));
      }
      assertThat(receiver.connections).hasValue(400);
    }
  }

  private static Delivery expected(RawReceiver receiver, int status) {
    String why = receiver.url("http").getAuthority() + " answered " + status;
    if (status < 300) {
      return new Delivery.Delivered(Integer.toString(status));
    }
    boolean later = status == 408 || status == 425 || status == 429 || status >= 500;
    return later ? new Delivery.Retry(why, null) : new Delivery.Refused(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"30 | PT30S", "315360000 | PT1H", "Mon, 23 Nov 2026 12:00:45 GMT | PT45S", "soon |"})
  void receiverCanAskForAPause(String header, Duration after) throws Exception {
    try (HttpReceiver receiver =
        new HttpReceiver(
            headers -> {
              headers.set("Retry-After", header);
              return 429;
            })) {
      assertThat(notifier(receiver.url("/"), LONG).deliver(SampleNotifications.first()))
          .isEqualTo(new Delivery.Retry(receiver.url("").getAuthority() + " answered 429", after));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectIsNotFollowed(int status) throws Exception {
    try (HttpReceiver inside = HttpReceiver.answering(200);
        HttpReceiver receiver =
            new HttpReceiver(
                headers -> {
                  headers.set("Location", inside.url("/").toString());
                  return status;
                })) {
      assertThat(notifier(receiver.url("/"), LONG).deliver(SampleNotifications.first()))
          .isInstanceOf(Delivery.Refused.class);
      assertThat(inside.requests).isEmpty();
    }
  }

  @Test
  void closedPort_isARetry() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Delivery outcome =
        notifier(URI.create("http://127.0.0.1:" + free + "/hook?token=t0ken"), LONG)
            .deliver(SampleNotifications.first());

    assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    assertThat(((Delivery.Retry) outcome).why())
        .isEqualTo("127.0.0.1:" + free + ": cannot connect: Connection refused");
  }

  @Test
  void unknownHost_isARetry() throws Exception {
    Delivery outcome =
        notifier(URI.create("https://user:passw0rd@no-such-host.invalid/hook?token=t0ken"), LONG)
            .deliver(SampleNotifications.first());

    assertThat(outcome)
        .isEqualTo(new Delivery.Retry("no-such-host.invalid:443: no such host", null));
  }

  @Test
  void receiverWithoutTls_isARetryWithoutSecrets() throws Exception {
    try (RawReceiver receiver = RawReceiver.sending("HTTP/1.1 200 OK\r\n\r\n")) {
      Delivery outcome = notifier(receiver.url("https"), LONG).deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertThat(((Delivery.Retry) outcome).why()).contains(": TLS failed: ");
      assertNoSecret(outcome);
    }
  }

  @Test
  void selfSignedCertificate_isNotTrusted(@TempDir Path folder) throws Exception {
    try (HttpReceiver server = HttpReceiver.secured(new SelfSigned(folder).server())) {
      Delivery outcome = notifier(server.url("/?t0ken"), LONG).deliver(SampleNotifications.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertThat(((Delivery.Retry) outcome).why()).contains(": TLS failed: ");
      assertNoSecret(outcome);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void interrupt_closesTheConnection() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            out -> {
              asked.countDown();
              while (true) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8));
                out.flush();
                // Slowly: a flood ends the attempt by itself.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
              }
            })) {
      WebhookNotifier notifier = notifier(receiver.url("http"), LONG);
      FutureTask<Delivery> attempt =
          new FutureTask<>(() -> notifier.deliver(SampleNotifications.first()));
      Thread thread = new Thread(attempt, "attempt");
      thread.start();
      asked.await();
      thread.interrupt();

      assertThatThrownBy(attempt::get).hasCauseInstanceOf(InterruptedException.class);
      assertThat(receiver.wasCut()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/t0ken", "ftp://h/t0ken", "mailto:t0ken", "/t0ken", "http:///t0ken"})
  void invalidUrl_isRefusedAndNotPrinted(String url) {
    assertThatThrownBy(() -> notifier(URI.create(url), LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("t0ken");
  }

  /** HMAC-SHA-256 from its definition (RFC 2104), not from the library that the product uses. */
  private static String hmac(byte[] body) throws Exception {
    byte[] key = Arrays.copyOf("k3y".getBytes(UTF_8), 64);
    byte[] inner = new byte[64];
    byte[] outer = new byte[64];
    for (int i = 0; i < 64; i++) {
      inner[i] = (byte) (key[i] ^ 0x36);
      outer[i] = (byte) (key[i] ^ 0x5c);
    }
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(inner);
    byte[] first = sha256.digest(body);
    sha256.update(outer);
    return HexFormat.of().formatHex(sha256.digest(first));
  }
}
