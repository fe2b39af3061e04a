package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Java binds both wildcards as one socket of both families; the server answers as configured. */
class Ipv4AloneTest {

  private static InetAddress literal(String text) throws IOException {
    return InetAddress.getAllByName(text)[0];
  }

  private static Client client(WebServer server, String host) throws IOException {
    return new Client(new InetSocketAddress(literal(host), server.address().getPort()));
  }

  private static WebServer server(String any) throws IOException {
    InetSocketAddress listen = new InetSocketAddress(literal(any), 0);
    return WebServer.start(
        listen,
        TestPages.open(),
        TestPages.pages("portcurfew_x 1\n", () -> TestPages.WELL),
        () -> {});
  }

  private static void needsIpv6() throws IOException {
    assumeTrue(NetworkInterface.getByInetAddress(literal("::1")) != null);
  }

  @Test
  void ipv4Wildcard_answersIpv4Alone() throws IOException {
    needsIpv6();
    try (WebServer server = server("0.0.0.0")) {
      assertThat(client(server, "127.0.0.1").get("/metrics").status()).isEqualTo(200);
      String request = "GET /metrics HTTP/1.1\r\nHost: [::1]\r\n\r\n";
      try (Socket socket = client(server, "::1").open(request)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void ipv6Wildcard_answersBothFamilies() throws IOException {
    needsIpv6();
    try (WebServer server = server("::")) {
      assertThat(client(server, "127.0.0.1").get("/metrics").status()).isEqualTo(200);
      assertThat(client(server, "::1").get("/metrics").status()).isEqualTo(200);
    }
  }
}
