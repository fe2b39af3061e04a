package io.portcurfew.system;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A port that is to be closed, and the files of an agent that says so. */
abstract class SinglePortAgent {

  static final Duration SOON = Duration.ofSeconds(30);
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  int port;

  @BeforeEach
  void pickAPort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, LOOPBACK)) {
      port = free.getLocalPort();
    }
  }

  Path state() {
    return AgentFiles.state(folder);
  }

  Path config(String... hooks) throws Exception {
    return AgentFiles.closed(folder, port, hooks);
  }

  Path log() {
    return folder.resolve("log" + System.nanoTime());
  }

  static List<String> what(WebhookSink hook) {
    return hook.messages().stream().map(WebhookSink.Message::what).toList();
  }
}
