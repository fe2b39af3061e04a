package io.portcurfew.notify.receivers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.portcurfew.notify.Delivery;
import io.portcurfew.notify.Notifier;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.SampleNotifications;
import io.portcurfew.notify.Secret;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.EmailSettings.Login;
import io.portcurfew.notify.receivers.EmailSettings.Security;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets do not leak from servers that repeat the request. */
@Timeout(60)
class NoSecretTest {

  private static final Secret HUSH = Secret.of("hush-hush-1234".getBytes(UTF_8));
  private static final Duration LONG = Duration.ofSeconds(20);

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 500})
  void secretsInAnAnswer_areNotReported(int status) throws Exception {
    HttpServer echo =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    echo.createContext(
        "/",
        exchange -> {
          String said =
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getOrDefault("Authorization", List.of())
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          exchange.sendResponseHeaders(status, said.getBytes(UTF_8).length);
          exchange.getResponseBody().write(said.getBytes(UTF_8));
          exchange.close();
        });
    echo.start();
    try {
      URI url =
          URI.create("http://127.0.0.1:" + echo.getAddress().getPort() + "/T0K3N123?k=K3Y45678");
      for (ReceiverSettings settings : settings(url)) {
        try (Notifier notifier =
            new Notifiers("1", InstantSource.fixed(SampleNotifications.NOON), List::of)
                .of("ops", settings, ReceiverFilter.ALL)) {
          Delivery outcome = notifier.deliver(SampleNotifications.first());
          assertThat(outcome + " " + settings)
              .as(settings.kind())
              .doesNotContain("T0K3N123", "K3Y45678", "hush-hush-1234", "aHVzaC1odXNo");
        }
      }
    } finally {
      echo.stop(0);
    }
  }

  private static List<ReceiverSettings> settings(URI url) {
    URI base = url.resolve("/T0K3N123/");
    return List.of(
        new WebhookSettings(url, HUSH, LONG),
        new SlackSettings(url, TrustedAuthorities.OF_THE_HOST, null, LONG),
        new PagerdutySettings(url, HUSH, TrustedAuthorities.OF_THE_HOST, null, LONG),
        new AlertmanagerSettings(List.of(base), HUSH, TrustedAuthorities.OF_THE_HOST, LONG, LONG),
        new EmailSettings(
            InetSocketAddress.createUnresolved("127.0.0.1", url.getPort()),
            Security.NONE,
            new Login("ops", HUSH),
            TrustedAuthorities.OF_THE_HOST,
            "a@example.org",
            List.of("b@example.org"),
            EmailSettings.Wording.DEFAULT,
            Duration.ofMillis(300)));
  }
}
