package io.portcurfew.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.portcurfew.notify.http.TrustedAuthorities;
import io.portcurfew.notify.receivers.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProbeTest {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static String probe(String scheme, int port) throws Exception {
    return ServerProbe.await(
        ServerProbe.of(URI.create(scheme + "://127.0.0.1:" + port + "/x"))
            .start(TrustedAuthorities.OF_THE_HOST));
  }

  @Test
  void reachableServerGetsNoRequest() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      assertThat(probe("http", server.getLocalPort())).isNull();
      try (Socket heard = server.accept()) {
        assertThat(heard.getInputStream().readAllBytes()).isEmpty();
      }
    }
  }

  @Test
  void aPortThatIsClosedRefuses() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
      port = closed.getLocalPort();
    }
    assertThat(probe("http", port)).isEqualTo("Connection refused");
  }

  @Test
  void serverWithoutTlsFailsForHttps() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
      Thread plain = new Thread(() -> answerInPlainText(server));
      plain.start();
      assertThat(probe("https", server.getLocalPort())).contains("certificate is not trusted");
      plain.join();
    }
  }

  @Test
  void serverIsTrustedOnlyByItsAuthority(@TempDir Path folder) throws Exception {
    SelfSigned certificate = new SelfSigned(folder);
    TrustedAuthorities authorities;
    try (InputStream pem = Files.newInputStream(certificate.pem(folder.resolve("ca.pem")))) {
      authorities = TrustedAuthorities.of(pem);
    }
    HttpsServer server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    server.start();
    try {
      int port = server.getAddress().getPort();
      ServerProbe probe = ServerProbe.of(URI.create("https://127.0.0.1:" + port + "/"));
      assertThat(ServerProbe.await(probe.start(authorities))).isNull();
      assertThat(probe("https", port)).contains("certificate is not trusted");
    } finally {
      server.stop(0);
    }
  }

  private static void answerInPlainText(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[16]);
      client.getOutputStream().write("HTTP/1.1 400 x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      client.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unknownNameDoesNotResolve() throws Exception {
    assertThat(
            ServerProbe.await(
                ServerProbe.of(URI.create("http://nowhere.invalid/"))
                    .start(TrustedAuthorities.OF_THE_HOST)))
        .isEqualTo("its name does not resolve");
  }
}
