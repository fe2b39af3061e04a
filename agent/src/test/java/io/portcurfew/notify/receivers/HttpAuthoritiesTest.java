package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.message.MessageForm;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of HTTP receiver, with a server that the host does not trust. */
@Timeout(60)
class HttpAuthoritiesTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Secret KEY = Secret.of("t0ken-t0ken".getBytes(UTF_8));

  @TempDir private static Path certificates;
  private static SelfSigned certificate;
  private static SelfSigned other;
  @TempDir private Path folder;

  @BeforeAll
  static void certificates() throws Exception {
    certificate = new SelfSigned(Files.createDirectory(certificates.resolve("server")));
    other = new SelfSigned(Files.createDirectory(certificates.resolve("other")));
  }

  private static Delivery deliver(String kind, URI url, TrustedAuthorities authorities)
      throws Exception {
    ReceiverSettings settings =
        switch (kind) {
          case "webhook" -> new WebhookSettings(url, null, MessageForm.USUAL, authorities, LONG);
          case "alertmanager" ->
              new AlertmanagerSettings(List.of(url), null, authorities, LONG, LONG);
          case "slack" -> new SlackSettings(url, authorities, null, LONG);
          default -> new PagerdutySettings(url, KEY, authorities, null, LONG);
        };
    assertThat(settings.authorities()).isEqualTo(authorities);
    Notifiers notifiers =
        new Notifiers("1", InstantSource.fixed(SampleNotifications.NOON), List::of);
    try (Notifier notifier = notifiers.of("ops", settings, ReceiverFilter.ALL)) {
      return notifier.deliver(SampleNotifications.first());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook", "alertmanager", "slack", "pagerduty"})
  void serverIsTrustedOnlyByItsAuthorities(String kind) throws Exception {
    TrustedAuthorities its = TestAuthorities.by(certificate.pem(folder.resolve("its.pem")));
    TrustedAuthorities others = TestAuthorities.by(other.pem(folder.resolve("others.pem")));
    try (HttpReceiver server = HttpReceiver.secured(certificate.server())) {
      for (TrustedAuthorities wrong : List.of(TrustedAuthorities.OF_THE_HOST, others)) {
        assertThat(deliver(kind, server.url("/"), wrong))
            .isInstanceOf(Delivery.Retry.class)
            .asString()
            .contains("TLS failed");
      }
      assertThat(server.requests).isEmpty();
      assertThat(deliver(kind, server.url("/"), its)).isInstanceOf(Delivery.Delivered.class);
      assertThat(server.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook", "alertmanager", "slack", "pagerduty"})
  void certificateOfAnotherName_isNotTrusted(String kind) throws Exception {
    TrustedAuthorities its = TestAuthorities.by(certificate.pem(folder.resolve("its.pem")));
    try (HttpReceiver server = HttpReceiver.secured(certificate.server())) {
      URI named = URI.create(server.url("/").toString().replace("127.0.0.1", "localhost"));
      assertThat(deliver(kind, named, its)).isInstanceOf(Delivery.Retry.class);
      assertThat(server.requests).isEmpty();
    }
  }
}
