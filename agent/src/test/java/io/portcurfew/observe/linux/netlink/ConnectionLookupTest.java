package io.portcurfew.observe.linux.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@LiveHost
class ConnectionLookupTest {

  private static final String CLIENT =
      "import socket, sys; s = socket.create_connection((sys.argv[1], int(sys.argv[2])));"
          + " s.recv(1)";

  private static Long uidOf(Socket accepted) throws Exception {
    return ConnectionLookup.uid(
        (InetSocketAddress) accepted.getRemoteSocketAddress(),
        (InetSocketAddress) accepted.getLocalSocketAddress());
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "::, 127.0.0.1", "::, ::1"})
  void userOfTheClient_isFound(String listen, String target) throws Exception {
    Requirement.root();
    Requirement.program("setpriv");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(listen))) {
      Process client =
          new ProcessBuilder(
                  "setpriv",
                  "--reuid=65534",
                  "--clear-groups",
                  "/usr/bin/python3",
                  "-c",
                  CLIENT,
                  target,
                  String.valueOf(server.getLocalPort()))
              .inheritIO()
              .start();
      server.setSoTimeout(120_000);
      try (Socket accepted = server.accept()) {
        assertThat(uidOf(accepted)).isEqualTo(65534L);
      } finally {
        client.destroy();
      }
      try (Socket own = new Socket(target, server.getLocalPort());
          Socket accepted = server.accept()) {
        assertThat(own.isConnected()).isTrue();
        assertThat(uidOf(accepted)).isZero();
      }
    }
  }

  @Test
  void closedOrAbsentConnection_hasNoUser() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      Socket own = new Socket(loopback, server.getLocalPort());
      try (Socket accepted = server.accept()) {
        own.close();
        assertThat(uidOf(accepted)).isNull();
      }
      InetSocketAddress nobody = new InetSocketAddress(loopback, 1);
      assertThat(ConnectionLookup.uid(nobody, new InetSocketAddress(loopback, 2))).isNull();
    }
  }
}
