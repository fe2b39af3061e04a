package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.observe.linux.kernel.DeferredAccept;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients of the web server that connect and send nothing. */
@LiveHost
class SilentClientsLiveTest {

  /** Longer than all connections take, after which the kernel gives them to the server. */
  private static final Duration WAIT = Duration.ofMinutes(2);

  private final Deque<Socket> silent = new ArrayDeque<>();

  @AfterEach
  void end() throws IOException {
    for (Socket each : silent) {
      each.close();
    }
  }

  private static void connect(Deque<Socket> into, int port, int count) {
    try {
      for (int i = 0; i < count; i++) {
        into.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Test
  void silentConnections_areNotAccepted() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocket server = new ServerSocket()) {
      server.bind(any, 4_096);
      assertThat(DeferredAccept.set(server.getLocalPort(), WAIT)).isTrue();
      connect(silent, server.getLocalPort(), 1_000);
      Socket first = silent.peek();
      first.getOutputStream().write('G');
      server.setSoTimeout(60_000);
      try (Socket accepted = server.accept()) {
        assertThat(accepted.getPort()).isEqualTo(first.getLocalPort());
      }
      server.setSoTimeout(100);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void portWithoutOurListener_isLeftAlone() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    assertThat(DeferredAccept.set(port, WAIT)).isFalse();
  }
}
