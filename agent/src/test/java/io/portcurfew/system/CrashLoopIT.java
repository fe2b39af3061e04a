package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Required services that crash and start again: the time that they are away is added up. */
class CrashLoopIT {

  private static final String MISSING =
      "WARNING api nothing listens on tcp port 8443, which is required";

  /** Up and down for three seconds each, and for one and a half. */
  private static final String LOOPS =
      """
      import socket, threading, time
      def loop(port, seconds):
          while True:
              s = socket.socket()
              s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
              s.bind(('127.0.0.1', port))
              s.listen()
              time.sleep(seconds)
              s.close()
              time.sleep(seconds)
      threading.Thread(target=loop, args=(8443, 3), daemon=True).start()
      threading.Thread(target=loop, args=(8444, 1.5), daemon=True).start()
      print('ready', flush=True)
      time.sleep(3600)
      """;

  @TempDir private Path folder;

  private static final String API =
      "  - {name: api, ports: 8443, protocol: tcp, expect: required, for: 5s}\n";

  private static final String QUEUE =
      "  - {name: queue, ports: 8444, protocol: tcp, expect: required, for: 1s}\n";

  private void policy(String rules) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), "version: 1\nrules:\n" + rules);
  }

  private Path config() throws IOException {
    policy(API + QUEUE);
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %s/state
        web: {listen: "127.0.0.1:0"}
        events: {tcp: off, udp: off}
        """
            .formatted(folder));
  }

  @Test
  void aServiceInACrashLoopIsFlappingUntilItsRuleIsGone() throws Exception {
    Requirement.program("python3");
    try (IsolatedMachine here = IsolatedMachine.start();
        Program.Python services = here.hold(List.of(), LOOPS);
        Daemon daemon = Daemon.start(here.prefix(), config(), folder.resolve("log"))) {
      assertThat(services.pid()).isPositive();
      Daemon.until("8443 is missing", () -> daemon.log().contains(MISSING));
      Daemon.until("8444 is flapping", () -> daemon.log().contains("queue flapping: "));
      assertThat(daemon.log())
          .containsPattern("queue flapping: .* 8444.*; it is flapping: 6 changes within 10 min");
      policy(API);
      Daemon.until("its alert ends", () -> endsAfterFlapping(daemon.log()));
    }
  }

  private static boolean endsAfterFlapping(String log) {
    return log.lastIndexOf("RESOLVED queue:") > log.indexOf("queue flapping: ");
  }
}
