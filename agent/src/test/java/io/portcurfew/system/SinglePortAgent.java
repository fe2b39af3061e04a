package io.portcurfew.system;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A port that is to be closed, and the files of an agent that says so. */
abstract class SinglePortAgent {

  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir Path folder;
  int port;

  @BeforeEach
  void pickAPort() {
    port = Peer.freePort();
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

  /** The output of a command about this agent. */
  static Program.Ended show(String command, Path config, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(Program.PORTCURFEW, command));
    all.addAll(List.of("--config", config.toString(), "--since", "7d"));
    all.addAll(List.of(options));
    return Program.run(all);
  }

  /** True if the database says that a receiver has a notification. */
  static boolean isDelivered(Path config, String receiver) throws Exception {
    return show("history", config).out().contains(receiver + " delivered");
  }

  static List<String> what(WebhookSink hook) {
    return hook.messages().stream().map(WebhookSink.Message::what).toList();
  }
}
