package io.portcurfew.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.receivers.WebhookSettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretTest {

  private static final Secret HUSH = Secret.of("hush-hush".getBytes(UTF_8));

  @Test
  void printsAsStars() {
    assertThat(HUSH).hasToString("***");
    assertThat("signed with " + HUSH).isEqualTo("signed with ***");
  }

  @Test
  void isEqualByValue() {
    assertThat(HUSH).isEqualTo(Secret.of("hush-hush".getBytes(UTF_8)));
    assertThat(HUSH).hasSameHashCodeAs(Secret.of("hush-hush".getBytes(UTF_8)));
    assertThat(HUSH).isNotEqualTo(Secret.of("hush".getBytes(UTF_8)));
  }

  @Test
  void isImmutable() {
    byte[] given = "hush".getBytes(UTF_8);
    Secret secret = Secret.of(given);
    given[0] = 'X';
    secret.bytes()[1] = 'X';
    assertThat(secret.bytes()).isEqualTo("hush".getBytes(UTF_8));
  }

  @Test
  void settingsPrintNeitherSecretNorUrlPath() {
    WebhookSettings settings =
        new WebhookSettings(
            URI.create("https://hooks.example.org/services/T0K3N?key=K3Y"),
            HUSH,
            Duration.ofSeconds(15));
    assertThat(settings.toString())
        .isEqualTo("webhook to https://hooks.example.org, secret ***, timeout PT15S");
  }
}
