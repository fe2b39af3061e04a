package io.portcurfew.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two files of a daemon that scans every second and knows one rule. */
final class AgentFiles {

  private AgentFiles() {}

  /** Where the daemon of these files keeps what it knows. */
  static Path state(Path folder) {
    return folder.resolve("state");
  }

  /**
   * Writes them.
   *
   * @param rule the rule, as on one line of the policy
   * @param notify the keys of {@code notify}, indented by two
   * @return the config
   */
  static Path write(Path folder, String rule, String notify) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), "version: 1\nrules:\n  - " + rule + "\n");
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %s
        web: {listen: "127.0.0.1:0"}
        notify:
        %s
        """
            .formatted(state(folder), notify.stripTrailing()));
  }

  /** Writes a rule that this port be closed, and webhooks r0, r1... that are reported at once. */
  static Path closed(Path folder, int port, String... hooks) throws IOException {
    String rule =
        "{name: closed, ports: %d, namespace: host, protocol: tcp, expect: closed, severity: warning}"
            .formatted(port);
    StringBuilder receivers = new StringBuilder("  group_wait: 0s\n  receivers:\n");
    for (int i = 0; i < hooks.length; i++) {
      receivers.append("    - {name: r%d, webhook: {url: \"%s\"}}\n".formatted(i, hooks[i]));
    }
    return write(folder, rule, receivers.toString());
  }
}
