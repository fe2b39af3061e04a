package io.portcurfew.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portcurfew.bundle.BundleLimits;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFetcherTest {

  private static final String KEY =
      "ops ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPJkQ3gYwUCnTdC4hhBGLGMaWWvN9yJ6Rrt0S4vF9BbM";

  private final List<String> requests = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/p.tar.gz", exchange -> answer(exchange, "archive"));
    server.createContext("/p.tar.gz.sig", exchange -> answer(exchange, "signature"));
    server.createContext("/alone", exchange -> answer(exchange, "archive"));
    server.createContext("/alone.sig", exchange -> answer(exchange, 404));
    server.createContext("/moved", exchange -> answer(exchange, 302));
    server.createContext("/broken", exchange -> answer(exchange, 500));
    server.createContext("/gone", exchange -> answer(exchange, 404));
    server.createContext("/endless", BundleFetcherTest::endless);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange, String body) throws IOException {
    requests.add(exchange.getRequestURI().toString());
    exchange.getResponseHeaders().set("ETag", "\"1\"");
    if ("\"1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
    } else {
      exchange.sendResponseHeaders(200, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
    exchange.close();
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Location", "/p.tar.gz");
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] block = new byte[64 * 1024];
    try {
      while (true) {
        exchange.getResponseBody().write(block);
      }
    } catch (IOException clientLeft) {
      exchange.close();
    }
  }

  private BundleSource source(String path) throws Exception {
    return source(server.getAddress().getPort(), path);
  }

  private static BundleSource source(int port, String path) throws Exception {
    return new BundleSource(
        URI.create("http://127.0.0.1:" + port + path),
        AllowedSigners.parse("signers", KEY.getBytes(UTF_8)),
        Duration.ofMinutes(5),
        null,
        Map.of(),
        TrustedAuthorities.OF_THE_HOST);
  }

  @Test
  void archiveAndSignature_areFetchedOnce() throws Exception {
    FetchedBundle fetched = BundleFetcher.fetch(source("/p.tar.gz?v=2"), null).orElseThrow();
    assertThat(fetched.archive()).asString(UTF_8).isEqualTo("archive");
    assertThat(fetched.signature()).asString(UTF_8).isEqualTo("signature");
    assertThat(BundleFetcher.fetch(source("/p.tar.gz?v=2"), fetched.etag())).isEmpty();
    assertThat(requests).containsExactly("/p.tar.gz?v=2", "/p.tar.gz.sig?v=2", "/p.tar.gz?v=2");
  }

  @Test
  void unchangedFile_isNotReadAsANewVersion(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("p.tar.gz"), "archive");
    BundleSource source =
        new BundleSource(
            file.toUri(),
            AllowedSigners.parse("signers", KEY.getBytes(UTF_8)),
            Duration.ofMinutes(5),
            null,
            Map.of(),
            TrustedAuthorities.OF_THE_HOST);
    String first = BundleFetcher.fetch(source, null).orElseThrow().etag();
    assertThat(BundleFetcher.fetch(source, first)).isEmpty();
    Files.writeString(folder.resolve("p.tar.gz.sig"), "signature");
    String signed = BundleFetcher.fetch(source, first).orElseThrow().etag();
    assertThat(BundleFetcher.fetch(source, signed)).isEmpty();
    Files.writeString(file, "another");
    assertThat(BundleFetcher.fetch(source, signed)).isPresent();
  }

  @Test
  void missingSignature_isEmpty() throws Exception {
    assertThat(BundleFetcher.fetch(source("/alone"), null).orElseThrow().signature()).isEmpty();
  }

  @Test
  void otherAnswers_areFailures() throws Exception {
    failed("/moved", " answered 302");
    failed("/broken", " answered 500");
    failed("/gone", " answered 404");
    server.stop(0);
    failed("/p.tar.gz", "Connection refused");
  }

  private void failed(String path, String message) throws Exception {
    BundleSource source = source(path);
    assertThatThrownBy(() -> BundleFetcher.fetch(source, null))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining(message);
  }

  @Test
  void endlessDownload_isRefused() throws Exception {
    BundleSource source = source("/endless");
    assertThatThrownBy(() -> BundleFetcher.fetch(source, null))
        .isInstanceOf(BundleRefusal.class)
        .hasMessage("the download is larger than " + BundleLimits.ARCHIVE / 1024 + " KiB");
  }

  /** A byte of the head now and then keeps every single read below its limit. */
  @Test
  void endlessHead_isGivenUp() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Thread(() -> drip(raw)).start();
      URI url = URI.create("http://127.0.0.1:" + raw.getLocalPort() + "/p.tar.gz");
      HttpGet get = new HttpGet(url, TrustedAuthorities.OF_THE_HOST, 1024, Duration.ofSeconds(1));
      assertThatThrownBy(() -> get.send(null))
          .isInstanceOf(FetchFailure.class)
          .hasMessage("127.0.0.1:" + raw.getLocalPort() + ": the download took more than 1 s");
    }
  }

  private static void drip(ServerSocket raw) {
    try (Socket client = raw.accept()) {
      client.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(ISO_8859_1));
      while (true) {
        client.getOutputStream().write('x');
        Thread.sleep(20);
      }
    } catch (IOException clientLeft) {
      // The end of the test.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void truncatedDownload_isRefused() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Thread(() -> truncate(raw)).start();
      BundleSource source = source(raw.getLocalPort(), "/p.tar.gz");
      assertThatThrownBy(() -> BundleFetcher.fetch(source, null))
          .isInstanceOf(BundleRefusal.class)
          .hasMessage("the download ended early, after 7 of 1,000 bytes");
    }
  }

  private static void truncate(ServerSocket raw) {
    try (Socket client = raw.accept()) {
      byte[] request = new byte[4096];
      assertThat(client.getInputStream().read(request)).isPositive();
      client
          .getOutputStream()
          .write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\narchive".getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
