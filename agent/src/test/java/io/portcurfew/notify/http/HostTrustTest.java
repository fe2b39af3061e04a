package io.portcurfew.notify.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.notify.receivers.SelfSigned;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostTrustTest {

  @TempDir private Path folder;

  private String protocolOfAHandshake(SelfSigned server, SSLSocketFactory client) throws Exception {
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread accepting =
          new Thread(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                  accepted.startHandshake();
                } catch (IOException refused) {
                  // The test looks at the client.
                }
              });
      accepting.start();
      try (SSLSocket socket =
          (SSLSocket)
              client.createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        socket.startHandshake();
        return socket.getSession().getProtocol();
      } finally {
        accepting.join();
      }
    }
  }

  @Test
  void firstListWithACertificateIsTrusted() throws Exception {
    SelfSigned server = new SelfSigned(folder);
    Path empty = Files.createFile(folder.resolve("empty"));
    Path list = server.pem(folder.resolve("list"));
    SSLSocketFactory client =
        HostTrust.sockets(List.of(folder.resolve("missing"), empty, folder, list));
    assertThat(protocolOfAHandshake(server, client)).isEqualTo("TLSv1.3");
  }

  @Test
  void withoutAListOfTheHost_thatOfJavaIsTrusted() throws Exception {
    SelfSigned server = new SelfSigned(folder);
    SSLSocketFactory client = HostTrust.sockets(List.of(folder.resolve("missing")));
    assertThatThrownBy(() -> protocolOfAHandshake(server, client))
        .isInstanceOf(SSLHandshakeException.class);
  }
}
