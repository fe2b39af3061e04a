package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/** Makes webhook notifiers and checks their outcomes. */
final class Webhooks {

  static final Duration LONG = Duration.ofSeconds(50);
  static final Duration SHORT = Duration.ofMillis(400);

  private Webhooks() {}

  static void assertNoSecret(Delivery outcome) {
    assertThat(outcome.toString()).doesNotContain("t0ken", "hook", "k3y", "SSH", "garbage");
  }

  static Delivery retry(RawReceiver receiver, String why) {
    return new Delivery.Retry(receiver.url("http").getAuthority() + ": " + why, null);
  }

  static WebhookNotifier notifier(URI url, Duration total) {
    Secret secret = Secret.of("k3y".getBytes(UTF_8));
    WebhookSettings settings = new WebhookSettings(url, secret, total);
    return new WebhookNotifier(
        "ops", settings, "0.1.0", InstantSource.fixed(SampleNotifications.NOON));
  }
}
