package io.portcurfew.web;

import static io.portcurfew.web.TestPages.ANY_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest extends ServerFixture {

  @ParameterizedTest
  @CsvSource({
    "/metrics, text/plain; version=0.0.4; charset=utf-8, portcurfew_x 1",
    "/metrics?x=../../etc/passwd, text/plain; version=0.0.4; charset=utf-8, portcurfew_x 1",
    "/-/healthy, text/plain; charset=utf-8, the last scan ended 3 s ago",
    "/-/ready, text/plain; charset=utf-8, the last scan ended 3 s ago",
    "/explain/611, text/html; charset=utf-8, <!DOCTYPE html>",
    "/api/v1/status, application/json; charset=utf-8, {",
    "/api/v1/listeners, application/json; charset=utf-8, {",
    "/api/v1/alerts, application/json; charset=utf-8, {",
    "/, text/html; charset=utf-8, <!DOCTYPE html>"
  })
  void everyPathAnswers(String path, String type, String firstLine) throws IOException {
    Client.Reply reply = client.get(path);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers())
        .containsEntry("Content-Type", type)
        .containsEntry("Content-Length", Integer.toString(reply.body().length))
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("X-Frame-Options", "DENY")
        .containsEntry("Cache-Control", "no-store")
        .containsKey("Content-Security-Policy");
    assertThat(reply.text().lines().findFirst()).contains(firstLine);
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, 200, 200",
    "true, false, 200, 503",
    "false, true, 503, 200",
    "false, false, 503, 503"
  })
  void healthDecidesTheStatus(boolean healthy, boolean ready, int first, int second)
      throws IOException {
    health.set(new Health(healthy, ready, "because"));
    assertThat(client.get("/-/healthy").status()).isEqualTo(first);
    assertThat(client.get("/-/ready").status()).isEqualTo(second);
    assertThat(client.get("/-/ready").text()).isEqualTo("because\n");
  }

  @Test
  void openMetricsIsSentOnRequest() throws IOException {
    Client.Reply reply = client.get("/metrics", "Accept: application/openmetrics-text");
    assertThat(reply.headers())
        .containsEntry(
            "Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(reply.text()).endsWith("# EOF\n");
  }

  @Test
  void gzipIsGivenToWhoAsksForIt() throws IOException {
    byte[] plain = client.get("/metrics").body();
    Client.Reply reply = client.get("/metrics", "Accept-Encoding: deflate, gzip");
    assertThat(reply.headers()).containsEntry("Content-Encoding", "gzip");
    assertThat(reply.body()).hasSizeLessThan(plain.length);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(reply.body())).readAllBytes())
        .isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/", "/-/healthy", "/-/ready", "/nowhere"})
  void headIsGetWithoutTheBody(String path) throws IOException {
    Client.Reply get = client.get(path);
    Client.Reply head = client.request("HEAD", path);
    assertThat(head.status()).isEqualTo(get.status());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().keySet()).isEqualTo(get.headers().keySet());
    assertThat(head.headers().get("Content-Length")).isEqualTo(get.headers().get("Content-Length"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "<script>"})
  void onlyReadingIsAllowed(String method) throws IOException {
    Client.Reply reply = client.request(method, "/metrics");
    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.headers()).containsEntry("Allow", "GET, HEAD");
    assertThat(reply.text()).doesNotContain("script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/metrics/",
        "/metricsx",
        "/-/reload",
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
        "/%6detrics",
        "//metrics",
        "/-/healthy/../ready",
        "/status.css",
        "/explain/0",
        "/explain/65536",
        "/explain/611/tcp",
        "/explain/",
        "/api/v1",
        "/api/v1/status/",
        "/<script>alert(1)</script>",
        "/favicon.ico"
      })
  void otherPathsAreNotThere(String path) throws IOException {
    Client.Reply reply = client.get(path);
    assertThat(reply.status()).isIn(400, 404);
    assertThat(reply.text())
        .doesNotContain("passwd")
        .doesNotContain("alert")
        .doesNotContain("root");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:10611", "127.0.0.1", "127.0.0.1:10611", "[::1]:10611"})
  void onLoopbackOurOwnNamesAreAnsweredTo(String host) throws IOException {
    assertThat(client.get("/metrics", "Host: " + host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:10611",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#localhost",
        ""
      })
  void reboundNameOnLoopback_getsNoAnswer(String host) throws IOException {
    for (String path : List.of("/metrics", "/", "/-/healthy", "/nowhere")) {
      Client.Reply reply = client.get(path, "Host: " + host);
      assertThat(reply.status()).isEqualTo(421);
      assertThat(reply.text()).doesNotContain("evil").doesNotContain("portcurfew_x");
    }
  }

  @Test
  void aSecondHostIsNotOverlooked() throws IOException {
    assertThat(client.get("/metrics", "Host: localhost", "Host: evil.example").status())
        .isEqualTo(421);
  }

  @Test
  void offLoopbackAnyNameIsAnsweredTo() throws IOException {
    InetSocketAddress everywhere = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
    try (WebServer open =
        WebServer.start(everywhere, TestPages.open(), TestPages.pages(), () -> {})) {
      Client other =
          new Client(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), open.address().getPort()));
      assertThat(other.get("/metrics", "Host: web-1.example:10611").status()).isEqualTo(200);
    }
  }

  @Test
  void serverListensOnlyOnItsAddress() throws IOException {
    assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress())
            .toList();
    for (InetAddress other : others) {
      Client outside = new Client(new InetSocketAddress(other, server.address().getPort()));
      assertThatThrownBy(outside::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void usedPort_isReportedAtOnce() {
    assertThatThrownBy(
            () -> WebServer.start(server.address(), TestPages.open(), TestPages.pages(), () -> {}))
        .isInstanceOf(BindException.class);
  }

  @Test
  void failingPage_isA500WithoutDetails() throws IOException {
    PageSource broken =
        new PageSource() {
          @Override
          public String metrics(boolean openMetrics) {
            throw new IllegalStateException("secret");
          }

          @Override
          public Health health() {
            return health.get();
          }

          @Override
          public boolean showsOwnersTo(InetSocketAddress client, InetSocketAddress server) {
            return false;
          }

          @Override
          public Object peer(InetSocketAddress client, InetSocketAddress server) {
            throw new IllegalStateException("secret");
          }

          @Override
          public HtmlPage page(boolean owners) {
            throw new IllegalStateException("secret");
          }

          @Override
          public Optional<HtmlPage> explanation(int port, boolean owners) {
            throw new IllegalStateException("secret");
          }

          @Override
          public byte[] json(Resource resource, boolean owners) {
            throw new IllegalStateException("secret");
          }
        };
    try (WebServer failing = WebServer.start(ANY_PORT, TestPages.open(), broken, () -> {})) {
      Client other = new Client(failing.address());
      assertThat(other.get("/metrics").status()).isEqualTo(500);
      assertThat(other.get("/metrics").text()).doesNotContain("secret");
      assertThat(other.get("/").status()).isEqualTo(500);
      assertThat(other.get("/-/healthy").status()).isEqualTo(200);
    }
  }

  @Test
  void aConnectionIsKeptForTheNextRequest() throws IOException {
    String request = "HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (Socket socket = client.open(request)) {
      for (int i = 0; i < 50; i++) {
        assertThat(Client.head(socket)).startsWith("HTTP/1.1 200 OK");
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }
}
