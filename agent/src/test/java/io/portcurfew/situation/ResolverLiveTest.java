package io.portcurfew.situation;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.PythonProcess;
import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A resolver with random ports beside other clients, under a default that denies. */
@LiveHost
@EnabledOnOs(OS.LINUX)
class ResolverLiveTest {

  private static final String SCRIPT =
      """
      os.setgroups([]); os.setgid(65534); os.setuid(65534)
      def udp(address, port):
          s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
          s.bind((address, port))
          return s
      held = [udp('0.0.0.0', 0), udp('127.0.0.1', 0), udp('0.0.0.0', 0)]
      for port in range(20000, 30000):
          try:
              low = udp('0.0.0.0', port)
              break
          except OSError:
              pass
      ready(low.getsockname()[1], *[s.getsockname()[1] for s in held])
      """;

  @BeforeEach
  void needsRoot() {
    Requirement.root();
  }

  private static String policy(String user) throws Exception {
    return """
        version: 1
        default: deny
        rules:
          - {name: resolver, owner: [{executable: PYTHON, user: USER}], expect: allowed}
          - {name: other, ports: 1024-65535, protocol: udp, expect: allowed, by: [{user: root}]}
        """
        .replace("PYTHON", Path.of("/usr/bin/python3").toRealPath().toString())
        .replace("USER", user);
  }

  @Test
  void ownerMayHoldAnyPort() throws Exception {
    try (PythonProcess resolver = PythonProcess.run(SCRIPT);
        LiveJudgement judged = LiveJudgement.by(policy("nobody"))) {
      for (int word = 0; word < 4; word++) {
        assertThat(judged.kinds(resolver.word(word))).isEmpty();
      }
    }
  }

  @Test
  void rangeForOneOwnerLeavesClientsAlone() throws Exception {
    try (PythonProcess client = PythonProcess.run(SCRIPT);
        LiveJudgement judged = LiveJudgement.by(policy("daemon"))) {
      assertThat(judged.kinds(client.word(0))).containsExactly("wrong-owner");
      for (int word = 1; word < 4; word++) {
        assertThat(judged.kinds(client.word(word))).isEmpty();
      }
    }
  }
}
