package io.portcurfew.web;

import static io.portcurfew.web.TestPages.ANY_PORT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.config.web.WebConfigFolder;
import io.portcurfew.process.Ticker;
import io.portcurfew.web.access.AccessControl;
import io.portcurfew.web.access.WebAccess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server with TLS, client certificates, logins, headers and a limit of requests. */
class SecuredServerTest {

  private static final String TLS =
      "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

  /** The password is {@code secret}, at the least cost. */
  private static final String USERS =
      "basic_auth_users: {alice: $2y$04$aKtXZCbCR97/T2u/y7g0ze6iCrDT3n8X0tA1yC1cKRmTQ.7DPbxxG}\n";

  @TempDir private Path temp;
  private WebConfigFolder folder;
  private AccessControl control;

  @BeforeEach
  void copyCertificates() throws IOException {
    folder = WebConfigFolder.in(temp);
  }

  private WebServer server(WebAccess access) throws IOException {
    control = new AccessControl(access, Ticker.SYSTEM);
    return WebServer.start(ANY_PORT, control, TestPages.pages(), () -> {});
  }

  private static HttpResponse<String> get(WebServer server, TlsPeer peer, String... headers)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(peer.context()).build();
    URI uri = URI.create("https://localhost:" + server.address().getPort() + "/metrics");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String basic(String credentials) {
    return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
  }

  private TlsPeer stranger() {
    return TlsPeer.trusting(temp.resolve("ca.crt"));
  }

  private TlsPeer peer(String name) {
    return stranger().with(temp.resolve(name + ".crt"), temp.resolve(name + ".key"));
  }

  @Test
  void scrapeOverTls() throws Exception {
    try (WebServer server = server(folder.read(TLS))) {
      HttpResponse<String> reply = get(server, stranger());
      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).startsWith("portcurfew_x 1");
      assertThat(reply.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "server-rsa", "server-ed"})
  void everyKindOfKeyIsServed(String name) throws Exception {
    String tls = "tls_server_config: {cert_file: %s.crt, key_file: %s.key}";
    try (WebServer server = server(folder.read(tls.formatted(name, name)))) {
      assertThat(get(server, stranger()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void configuredVersionAndSuiteAreUsed() throws Exception {
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
    String tls = TLS + "  max_version: TLS12\n  cipher_suites: [" + suite + "]\n";
    try (WebServer server = server(folder.read(tls))) {
      HttpResponse<String> reply = get(server, stranger());
      assertThat(reply.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.2");
      assertThat(reply.sslSession().orElseThrow().getCipherSuite()).isEqualTo(suite);
    }
  }

  @Test
  void newCertificateIsServedWithoutARestart() throws Exception {
    try (WebServer server = server(folder.read(TLS))) {
      assertThat(get(server, stranger()).sslSession().orElseThrow().getPeerPrincipal())
          .hasToString("CN=server");
      folder.copy("server-rsa.crt", "server.crt");
      folder.copy("server-rsa.key", "server.key");
      control.use(folder.read(TLS));
      assertThat(get(server, stranger()).sslSession().orElseThrow().getPeerPrincipal())
          .hasToString("CN=server-rsa");
    }
  }

  @Test
  void clientNeedsACertificateWithAnAllowedName() throws Exception {
    String clients =
        TLS
            + """
              client_ca_file: ca.crt
              client_auth_type: RequireAndVerifyClientCert
              client_allowed_sans: ["spiffe://example/prometheus"]
            """;
    try (WebServer server = server(folder.read(clients))) {
      assertThat(get(server, peer("prometheus")).statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> get(server, peer("other"))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> get(server, stranger())).isInstanceOf(IOException.class);
      assertThat(get(server, peer("prometheus")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anyCertificateIsEnough() throws Exception {
    String any = TLS + "  client_auth_type: RequireAnyClientCert\n";
    try (WebServer server = server(folder.read(any))) {
      assertThat(get(server, peer("prometheus")).statusCode()).isEqualTo(200);
      assertThatThrownBy(() -> get(server, stranger())).isInstanceOf(IOException.class);
    }
  }

  @Test
  void loginIsNeeded() throws Exception {
    try (WebServer server = server(folder.read(TLS + USERS))) {
      HttpResponse<String> without = get(server, stranger());
      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(without.headers().firstValue("WWW-Authenticate").orElseThrow())
          .startsWith("Basic realm=");
      assertThat(without.body()).doesNotContain("portcurfew_x");
      assertThat(get(server, stranger(), "Authorization", basic("alice:wrong")).statusCode())
          .isEqualTo(401);
      assertThat(get(server, stranger(), "Authorization", basic("alice:secret")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void configuredHeadersReplaceOurs() throws Exception {
    String headers =
        TLS
            + """
            http_server_config:
              headers: {X-Frame-Options: sameorigin, Strict-Transport-Security: max-age=60}
            """;
    try (WebServer server = server(folder.read(headers))) {
      HttpResponse<String> reply = get(server, stranger());
      assertThat(reply.headers().allValues("X-Frame-Options")).containsExactly("sameorigin");
      assertThat(reply.headers().allValues("Strict-Transport-Security"))
          .containsExactly("max-age=60");
    }
  }

  @Test
  void requestsBeyondTheLimitGet429() throws Exception {
    WebAccess access = folder.read("rate_limit: {interval: 1h, burst: 2}");
    try (WebServer server = server(access)) {
      Client client = new Client(server.address());
      assertThat(client.get("/metrics").status()).isEqualTo(200);
      assertThat(client.get("/-/healthy").status()).isEqualTo(200);
      assertThat(client.get("/metrics").status()).isEqualTo(429);
    }
  }

  @Test
  void unknownAuthorityIsTheClientsError() throws Exception {
    try (WebServer server = server(folder.read(TLS))) {
      assertThatThrownBy(() -> get(server, TlsPeer.trusting(temp.resolve("other.crt"))))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(get(server, stranger()).statusCode()).isEqualTo(200);
    }
  }
}
