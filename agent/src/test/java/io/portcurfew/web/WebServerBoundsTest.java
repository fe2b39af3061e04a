package io.portcurfew.web;

import static io.portcurfew.web.TestPages.ANY_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.system.Peer;
import io.portcurfew.tags.HeavyLoad;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean no good. */
@HeavyLoad
class WebServerBoundsTest extends ServerFixture {

  @Test
  void aRequestBodyIsNotWaitedFor() throws IOException {
    String head = "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n";
    try (Socket socket = client.open(head)) {
      assertThat(Client.head(socket)).startsWith("HTTP/1.1 405 ");
    }
    String chunked =
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (Socket socket = client.open(chunked)) {
      assertThat(Client.head(socket)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void garbageIsRefusedOrCutAndNeverReflected() throws IOException {
    List<String> garbage =
        List.of(
            "\r\n\r\n",
            "evil\r\n\r\n",
            "GET\r\n\r\n",
            "GET  HTTP/1.1\r\n\r\n",
            "GET /evil\r\n\r\n",
            "GET evil:x HTTP/1.1\r\n\r\n",
            "GET /%zzevil HTTP/1.1\r\n\r\n",
            "GET /\u001b[31mevil HTTP/1.1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: evil\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: evil\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nevil header: x\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    for (String request : garbage) {
      try (Socket socket = client.open(request)) {
        socket.shutdownOutput();
        Client.Reply reply = Client.read(socket);
        assertThat(reply.status()).as("%s", request).isNotEqualTo(200);
        assertThat(reply.text()).as("%s", request).doesNotContain("evil");
      }
    }
    assertThat(client.get("/metrics").status()).isEqualTo(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {611, 4711, 20261123})
  void randomBytesDoNotStopIt(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[random.nextInt(600)];
      random.nextBytes(bytes);
      try (Socket socket = client.open(new String(bytes, StandardCharsets.ISO_8859_1))) {
        socket.shutdownOutput();
        assertThat(Client.read(socket).status()).isNotEqualTo(200);
      }
    }
    assertThat(client.get("/metrics").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 31, 300})
  void halfHeaders_keepNoScrapeOut(int count) throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        slow.add(client.open("GET /metrics HTTP/1.1\r\nHost: local"));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(client.get("/metrics").status()).isEqualTo(200);
      }
      assertThat(webThreads()).isLessThanOrEqualTo(ExchangeWorkers.MOST);
      // A scrape may follow the one before while that is still in its last steps.
      assertThat(givenUp.get())
          .isBetween(
              Math.max(0, count + 1 - ExchangeWorkers.MOST),
              Math.max(0, count + 20 - ExchangeWorkers.MOST));
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void clientsThatDoNotRead_blockNoScrape() throws IOException {
    try (WebServer large =
        WebServer.start(
            ANY_PORT,
            TestPages.open(),
            TestPages.pages("portcurfew_x 1\n".repeat(500_000)),
            () -> {})) {
      Client other = new Client(large.address());
      List<Socket> slow = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        slow.add(other.open("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      }
      assertThat(other.get("/-/healthy").status()).isEqualTo(200);
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void slowReadersOfOnePeer_endNoOtherAnswer() throws IOException {
    String page = "portcurfew_x 1\n".repeat(500_000);
    try (WebServer large =
        WebServer.start(ANY_PORT, TestPages.open(), TestPages.pages(page), () -> {})) {
      Client honest = new Client(large.address());
      Client other = new Client(large.address(), InetAddress.getByName("127.0.0.2"));
      List<Socket> slow = new ArrayList<>();
      try (Socket scrape = honest.open("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
        assertThat(scrape.getInputStream().read()).isEqualTo('H');
        for (int i = 0; i < 40; i++) {
          slow.add(other.open("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"));
          slow.add(other.open("GET /metrics HTTP/1.1\r\nHost: local"));
        }
        scrape.shutdownOutput();
        assertThat(scrape.getInputStream().readAllBytes().length).isGreaterThan(page.length());
      } finally {
        for (Socket socket : slow) {
          socket.close();
        }
      }
    }
  }

  @Test
  void slowClient_isCutAndLeavesNoThread() throws Exception {
    String large = "portcurfew_x 1\n".repeat(2_000_000);
    try (WebServer brief =
        WebServer.start(
            ANY_PORT,
            TestPages.open(),
            TestPages.pages(large),
            givenUp::incrementAndGet,
            Duration.ofSeconds(1))) {
      Client other = new Client(brief.address());
      try (Socket half = other.open("GET /-/ready HTTP/1.1\r\nHost: local");
          Socket deaf = other.open("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
        assertThat(Client.read(half).status()).as("half a header").isZero();
        Peer.until("its thread is gone", () -> webThreads() == 0);
        assertThat(Client.read(deaf).body().length).isLessThan(large.length());
      }
      assertThat(other.get("/-/ready").status()).isEqualTo(200);
      assertThat(givenUp).as("made way for another").hasValue(0);
      Peer.until("the thread of the limit is gone", () -> threads("portcurfew-web-limit") == 0);
    }
  }

  @Test
  void athousandRequestsLeaveNoThreads() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.get("/metrics").status()).isEqualTo(200);
    }
    assertThat(webThreads()).isLessThanOrEqualTo(ExchangeWorkers.MOST);
    assertThat(givenUp).hasValue(0);
  }

  @Test
  void itStopsAlthoughClientsHang() throws Exception {
    Socket half = client.open("GET /metrics HTTP/1.1\r\n");
    Socket mute = client.connect();
    server.close();
    assertThat(Client.read(half).status()).isZero();
    assertThat(Client.read(mute).status()).isZero();
    assertThatThrownBy(client::connect).isInstanceOf(ConnectException.class);
  }

  private static long webThreads() {
    return threads("web-");
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name))
        .count();
  }
}
