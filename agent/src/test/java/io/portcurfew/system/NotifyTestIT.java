package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code notify test} of the finished distribution. */
@Timeout(1200)
class NotifyTestIT {

  @TempDir private Path folder;
  private Path secret;

  @BeforeEach
  void secret() throws Exception {
    secret = Files.writeString(folder.resolve("webhook.secret"), "hush-hush-1234\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  private String config(WebhookSink hook, int nobody) throws Exception {
    return Files.writeString(
            folder.resolve("portcurfew.yaml"),
            """
            state: %1$s/state
            notify:
              receivers:
                - name: ops
                  severity: critical
                  webhook: {url: "%2$s", secret_file: %3$s}
                - name: shipped
                  send_resolved: false
                  file: {path: %1$s/alerts.json}
                - name: page
                  command: {run: [/bin/sh, -c, "cat > %1$s/paged; echo thank you"]}
                - name: gone
                  syslog: {server: "127.0.0.1:%4$d", transport: tcp}
            """
                .formatted(folder, hook.url(), secret, nobody))
        .toString();
  }

  @Test
  void test_reachesReceiversAndPrintsAnswers() throws Exception {
    int nobody = Peer.freePort();
    try (WebhookSink hook = WebhookSink.start()) {
      String config = config(hook, nobody);
      Program.Ended ended = Program.run(Program.PORTCURFEW, "notify", "test", "--config", config);
      assertThat(ended.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
          .hasSize(5)
          .startsWith("RECEIVER|KIND|RESULT|ANSWER", "ops|webhook|delivered|204")
          .anyMatch(line -> line.startsWith("shipped|file|delivered|"))
          .contains("page|command|delivered|exit status 0: thank you")
          .endsWith(
              "gone|syslog|retry later|127.0.0.1:"
                  + nobody
                  + "/tcp: cannot connect: Connection refused");
      assertThat(ended.status()).isEqualTo(1);
      assertThat(ended.err()).isEmpty();
      assertThat(hook.messages())
          .extracting(WebhookSink.Message::what)
          .containsExactly("PortcurfewTest firing", "PortcurfewTest resolved");
      assertThat(Files.readAllLines(folder.resolve("alerts.json"))).hasSize(1);
    }
  }

  @Test
  void onlyTheNamedReceiverGetsATest() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      String config = config(hook, 1);
      Program.Ended one =
          Program.run(Program.PORTCURFEW, "notify", "test", "ops", "--config", config);
      assertThat(one.status()).isZero();
      assertThat(one.out().lines()).hasSize(2);
      Program.Ended none =
          Program.run(Program.PORTCURFEW, "notify", "test", "opps", "--config", config);
      assertThat(none.status()).isEqualTo(2);
      assertThat(none.err()).contains("The receivers are: ops, shipped, page, gone");
      Files.writeString(secret, "");
      Program.Ended bad = Program.run(Program.PORTCURFEW, "notify", "test", "--config", config);
      assertThat(bad.status()).isEqualTo(78);
      assertThat(one + "" + none + bad).doesNotContain("hush");
    }
  }
}
