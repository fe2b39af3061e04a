package io.portcurfew.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Against real sockets. The time limit of the tests is what shows that an attempt ends. */
@Timeout(60)
class WebhookNotifierTest {

  private static final Duration LONG = Duration.ofSeconds(50);
  private static final Duration SHORT = Duration.ofMillis(400);

  @Test
  void postsTheAlertWithItsIdAndSignature() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(200)) {
      Delivery outcome = notifier(receiver.url("/hook?token=t0ken"), LONG).deliver(Told.first());

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
  void withoutASecretNothingIsSigned() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(200)) {
      WebhookSettings settings = new WebhookSettings(receiver.url("/"), null, LONG);
      new WebhookNotifier("ops", settings, "0.1.0", InstantSource.fixed(Told.NOON))
          .deliver(Told.first());

      assertThat(receiver.requests.get(0).headers()).doesNotContainKey("X-portcurfew-signature");
    }
  }

  @Test
  void aRepeatIsTheSameRequest() throws Exception {
    try (HttpReceiver receiver = HttpReceiver.answering(503)) {
      WebhookNotifier notifier = notifier(receiver.url("/"), LONG);
      notifier.deliver(Told.first());
      notifier.deliver(Told.first());

      assertThat(receiver.requests).hasSize(2);
      assertThat(receiver.requests.get(0).body()).isEqualTo(receiver.requests.get(1).body());
      assertThat(receiver.requests)
          .extracting(request -> request.header("Idempotency-key"))
          .containsExactly("n1", "n1");
    }
  }

  @Test
  void everyStatusHasItsOutcome() throws Exception {
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
        assertThat(notifier.deliver(Told.first()))
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
  void aReceiverMayAskForTime(String header, Duration after) throws Exception {
    try (HttpReceiver receiver =
        new HttpReceiver(
            headers -> {
              headers.set("Retry-After", header);
              return 429;
            })) {
      assertThat(notifier(receiver.url("/"), LONG).deliver(Told.first()))
          .isEqualTo(new Delivery.Retry(receiver.url("").getAuthority() + " answered 429", after));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) throws Exception {
    try (HttpReceiver inside = HttpReceiver.answering(200);
        HttpReceiver receiver =
            new HttpReceiver(
                headers -> {
                  headers.set("Location", inside.url("/").toString());
                  return status;
                })) {
      assertThat(notifier(receiver.url("/"), LONG).deliver(Told.first()))
          .isInstanceOf(Delivery.Refused.class);
      assertThat(inside.requests).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 500})
  void aBodyWithoutAnEndIsLeftUnread(int status) throws Exception {
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
      Delivery outcome = notifier(receiver.url("http"), LONG).deliver(Told.first());

      assertThat(outcome)
          .isInstanceOf(status == 200 ? Delivery.Delivered.class : Delivery.Retry.class);
      assertThat(receiver.wasCut()).as("closed before 1 GiB was sent").isTrue();
    }
  }

  @Test
  void aDripOfHeadersEndsWithTheTimeAndTheConnectionWithIt() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("HTTP/1.1 200 OK\r\n", "X: y\r\n")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(Told.first());

      assertThat(outcome).isEqualTo(retry(receiver, "no answer within 400 ms"));
      assertThat(receiver.wasCut()).isTrue();
    }
  }

  @Test
  void aDripOfBodyEndsWithTheTimeAndTheStatusCounts() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("HTTP/1.1 200 OK\r\n\r\n", "x")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(Told.first());

      assertThat(outcome).isEqualTo(new Delivery.Delivered("200"));
      assertThat(receiver.wasCut()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aReceiverThatNeverAnswersEndsWithTheTime(String scheme) throws Exception {
    try (RawReceiver receiver = RawReceiver.hanging()) {
      Delivery outcome = notifier(receiver.url(scheme), SHORT).deliver(Told.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void aFloodOfInterimAnswersEndsWithTheTime() throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping("", "HTTP/1.1 100 Continue\r\n\r\n")) {
      Delivery outcome = notifier(receiver.url("http"), SHORT).deliver(Told.first());

      assertThat(outcome).isInstanceOf(Delivery.class).isNotInstanceOf(Delivery.Delivered.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n"})
  void whatIsCutOffWhileItDripsLeavesNoThread(String start) throws Exception {
    try (RawReceiver receiver = RawReceiver.dripping(start, "X: y\r\n")) {
      WebhookNotifier notifier = notifier(receiver.url("http"), SHORT);
      Delivery first = notifier.deliver(Told.first());
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("portcurfew-webhook")) {
          thread.join();
        }
      }
      assertThat(notifier.deliver(Told.first())).as("its place is free again").isEqualTo(first);
    }
  }

  @Test
  void thereIsNeverMoreThanOneAttempt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            out -> {
              asked.countDown();
              answer.await();
            })) {
      WebhookNotifier notifier = notifier(receiver.url("http"), LONG);
      FutureTask<Delivery> first = new FutureTask<>(() -> notifier.deliver(Told.first()));
      new Thread(first, "first").start();
      asked.await();

      assertThat(notifier.deliver(Told.first()))
          .isEqualTo(retry(receiver, "the attempt before has not ended yet"));
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
  void garbageIsAskedAgainLaterAndOnce(String answer) throws Exception {
    try (RawReceiver receiver = RawReceiver.sending(answer)) {
      Delivery outcome = notifier(receiver.url("http"), LONG).deliver(Told.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertNoSecret(outcome);
      assertThat(receiver.connections).hasValue(1);
    }
  }

  @Test
  void aHeaderBombIsAskedAgainLater() throws Exception {
    String bomb =
        "HTTP/1.1 200 OK\r\n" + "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(20_000);
    try (RawReceiver receiver = RawReceiver.sending(bomb)) {
      assertThat(notifier(receiver.url("http"), LONG).deliver(Told.first()))
          .isInstanceOf(Delivery.Retry.class);
    }
  }

  @Test
  void nobodyThereIsARetry() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Delivery outcome =
        notifier(URI.create("http://127.0.0.1:" + free + "/hook?token=t0ken"), LONG)
            .deliver(Told.first());

    assertThat(outcome).isInstanceOf(Delivery.Retry.class);
    assertThat(((Delivery.Retry) outcome).why())
        .isEqualTo("127.0.0.1:" + free + ": cannot connect: Connection refused");
  }

  @Test
  void aHostWithoutAnAddressIsARetry() throws Exception {
    Delivery outcome =
        notifier(URI.create("https://user:passw0rd@no-such-host.invalid/hook?token=t0ken"), LONG)
            .deliver(Told.first());

    assertThat(outcome)
        .isEqualTo(new Delivery.Retry("no-such-host.invalid:443: no such host", null));
  }

  @Test
  void aReceiverThatDoesNotSpeakTlsIsARetryThatTellsNoSecret() throws Exception {
    try (RawReceiver receiver = RawReceiver.sending("HTTP/1.1 200 OK\r\n\r\n")) {
      Delivery outcome = notifier(receiver.url("https"), LONG).deliver(Told.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertThat(((Delivery.Retry) outcome).why()).contains(": TLS failed: ");
      assertNoSecret(outcome);
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotTrusted(@TempDir Path folder) throws Exception {
    try (HttpReceiver server = HttpReceiver.secured(new SelfSigned(folder).server())) {
      Delivery outcome = notifier(server.url("/?t0ken"), LONG).deliver(Told.first());

      assertThat(outcome).isInstanceOf(Delivery.Retry.class);
      assertThat(((Delivery.Retry) outcome).why()).contains(": TLS failed: ");
      assertNoSecret(outcome);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void givingUpCutsTheConnection() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            out -> {
              asked.countDown();
              while (true) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(UTF_8));
              }
            })) {
      WebhookNotifier notifier = notifier(receiver.url("http"), LONG);
      FutureTask<Delivery> attempt = new FutureTask<>(() -> notifier.deliver(Told.first()));
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
  void aUrlThatIsNoWebhookIsTurnedDownWithoutBeingTold(String url) {
    assertThatThrownBy(() -> notifier(URI.create(url), LONG))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("t0ken");
  }

  private static void assertNoSecret(Delivery outcome) {
    assertThat(outcome.toString()).doesNotContain("t0ken", "hook", "k3y", "SSH", "garbage");
  }

  private static Delivery retry(RawReceiver receiver, String why) {
    return new Delivery.Retry(receiver.url("http").getAuthority() + ": " + why, null);
  }

  private static WebhookNotifier notifier(URI url, Duration total) {
    Secret secret = Secret.of("k3y".getBytes(UTF_8));
    WebhookSettings settings = new WebhookSettings(url, secret, total);
    return new WebhookNotifier("ops", settings, "0.1.0", InstantSource.fixed(Told.NOON));
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
