package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The system calls by which the daemon of the finished distribution writes its database fail, as
 * those of a full and of a dying disk do. strace makes them fail.
 */
@Timeout(1200)
class BadDiskIT {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  @TempDir private Path folder;

  @BeforeEach
  void needs() throws Exception {
    Requirement.root();
    Requirement.program("strace");
  }

  /** Fails these calls on the files of the database from now on. */
  private Process failing(Daemon daemon, String calls, String error) throws Exception {
    Path log = folder.resolve("strace-" + calls.replace(',', '-') + "-" + error);
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-qq", "-e", "signal=none", "-o", log.toString()));
    command.addAll(List.of("-p", Long.toString(daemon.pid())));
    for (String file : List.of("portcurfew.db", "portcurfew.db-wal")) {
      command.addAll(List.of("-P", folder.resolve("state").resolve(file).toString()));
    }
    command.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + calls + ":error=" + error));
    Process strace =
        Program.builder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("strace.out").toFile())
            .start();
    Path threads = Path.of("/proc", Long.toString(daemon.pid()), "task");
    Daemon.until("every thread is traced", () -> isTraced(threads) || !strace.isAlive());
    Requirement.that(
        strace.isAlive(), "the right to trace: " + Files.readString(folder.resolve("strace.out")));
    return strace;
  }

  private static boolean isTraced(Path threads) throws Exception {
    try (var all = Files.newDirectoryStream(threads)) {
      for (Path thread : all) {
        if (Files.readString(thread.resolve("status")).contains("TracerPid:\t0")) {
          return false;
        }
      }
      return true;
    } catch (IOException threadThatHasEnded) {
      return false;
    }
  }

  private boolean hasFailed(String error) throws Exception {
    try (var logs = Files.newDirectoryStream(folder, "strace-*")) {
      for (Path log : logs) {
        if (Files.readString(log).contains(error + " ")) {
          return true;
        }
      }
    }
    return false;
  }

  /** strace lets go of the program when it is asked to end. */
  private static void letGo(Process strace) throws Exception {
    strace.destroy();
    assertThat(strace.waitFor(Daemon.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static List<String> what(WebhookSink hook) {
    return hook.messages().stream().map(WebhookSink.Message::what).toList();
  }

  private static void end(AutoCloseable part) throws Exception {
    part.close();
  }

  @Test
  void nothingIsLostAndTheAgentGoesOn() throws Exception {
    int second = Peer.freePort();
    try (WebhookSink hook = WebhookSink.start();
        ServerSocket first = new ServerSocket(0, 1, LOOPBACK)) {
      Path config = config(hook.url(), first.getLocalPort(), second);
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        Daemon.until("the first is notified", () -> what(hook).contains("PortcurfewOpen firing"));
        Process full = failing(daemon, "pwrite64", "ENOSPC");
        end(first);
        Daemon.until("the end is notified", () -> what(hook).contains("PortcurfewOpen resolved"));
        Daemon.until(
            "that nothing can be written is notified",
            () -> what(hook).contains("PortcurfewStoreNotWritable firing"));
        letGo(full);
        Process dying = failing(daemon, "fdatasync,fsync", "EIO");
        try (ServerSocket again = new ServerSocket(second, 1, LOOPBACK)) {
          assertThat(again.isBound()).isTrue();
          Daemon.until("a sync fails", () -> hasFailed("EIO"));
          Daemon.until(
              "the second is notified",
              () -> what(hook).stream().filter("PortcurfewOpen firing"::equals).count() == 2);
          Daemon.until(
              "it shows that nothing can be written",
              () -> daemon.get("/metrics").contains("portcurfew_store_writable 0.0"));
          letGo(dying);
          Daemon.until(
              "it is written",
              () -> daemon.get("/metrics").contains("portcurfew_store_writable 1.0"));
          Daemon.until(
              "that is notified", () -> what(hook).contains("PortcurfewStoreNotWritable resolved"));
          assertThat(daemon.get("/metrics")).contains("portcurfew_store_lost_changes_total 0.0");
          end(daemon);
          assertThat(shown(config, "alerts")).contains("firing", ":" + second);
          assertThat(shown(config, "history"))
              .contains("notified  first: tcp 127.0.0.1:" + second)
              .contains("notified  resolved: tcp 127.0.0.1:" + first.getLocalPort());
          assertThat(shown(config, "history", "--verify")).startsWith("The log is intact");
        }
      }
    }
  }

  private static String shown(Path config, String command, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of(Program.PORTCURFEW, command));
    all.addAll(List.of("--config", config.toString()));
    all.addAll(List.of(options));
    Program.Ended ended = Program.run(all);
    assertThat(ended.status()).as(ended.err()).isZero();
    return ended.out();
  }

  private Path config(String hook, int first, int second) throws Exception {
    String rule =
        "{name: closed, ports: [%d, %d], namespace: host, protocol: tcp, expect: closed}"
            .formatted(first, second);
    return AgentFiles.write(
        folder, rule, "  receivers: [{name: ops, webhook: {url: \"%s\"}}]".formatted(hook));
  }
}
