package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon of the finished distribution, whose files change while it runs. */
class ReloadIT {

  private static final Pattern DIGEST =
      Pattern.compile("portcurfew_policy_info\\{digest=\"([0-9a-f]{16})\"} 1");
  private static final String LOADED = "portcurfew_config_last_reload_successful 1.0";
  private static final String NOT_LOADED = "portcurfew_config_last_reload_successful 0.0";

  @TempDir private Path folder;
  private ServerSocket open;
  private Path policy;
  private Path config;

  @BeforeEach
  void write() throws IOException {
    open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    policy = folder.resolve("policy.yaml");
    config = folder.resolve("portcurfew.yaml");
    expect("allowed");
  }

  @AfterEach
  void close() throws IOException {
    open.close();
  }

  /** As an editor and a package manager do it: written beside, then moved. */
  private static void replace(Path file, String text) throws IOException {
    Path made = Files.writeString(file.resolveSibling("new"), text);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private void expect(String what) throws IOException {
    replace(
        policy,
        """
        version: 1
        rules:
          - {name: test-port, ports: %d, namespace: host, expect: %s,
             severity: critical}
        """
            .formatted(open.getLocalPort(), what));
  }

  private void configure(String name, WebhookSink hook, String more) throws IOException {
    replace(
        config,
        """
        policy: policy.yaml
        state: %s
        web: {listen: "127.0.0.1:0"}
        notify: {receivers: [{name: %s, webhook: {url: "%s"}}]}
        %s
        """
            .formatted(folder.resolve("state"), name, hook.url(), more));
  }

  private String compliant(int value) {
    return "portcurfew_rule_compliant{expect=\"%s\",rule=\"test-port\",severity=\"critical\"} %d.0"
        .formatted(value == 1 ? "allowed" : "closed", value);
  }

  private static String digest(Daemon daemon) throws IOException {
    Matcher matcher = DIGEST.matcher(daemon.get("/metrics"));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static void shows(Daemon daemon, String metric) throws Exception {
    Daemon.until(metric + " is shown", () -> daemon.get("/metrics").contains(metric));
  }

  private static void awaitMessages(WebhookSink hook, String... what) throws Exception {
    Daemon.untilIs(
        List.of(what), () -> hook.messages().stream().map(WebhookSink.Message::what).toList());
  }

  private Program.Ended reload() throws Exception {
    return Program.run(Program.PORTCURFEW, "reload", "--config", config.toString());
  }

  /** The parent of the tests may ignore SIGHUP, as nohup does, and a child would too. */
  private static final List<String> HEEDS_HANG_UP = List.of("env", "--default-signal=HUP");

  private static void hangUp(Daemon daemon) throws Exception {
    Program.must("kill", "-HUP", Long.toString(daemon.pid()));
  }

  @Test
  void changedPolicy_appliesAndABadOneIsReported() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      // Scans are far apart: a reload brings its own.
      configure("ops", hook, "scan: {every: 1h}");
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        shows(daemon, compliant(1));
        String before = digest(daemon);
        expect("closed");
        shows(daemon, compliant(0));
        awaitMessages(hook, "PortcurfewOpen firing");
        String now = digest(daemon);
        assertThat(now).isNotEqualTo(before);
        assertThat(hook.messages().get(0).annotation("policy")).isEqualTo(now);
        String change = ":" + open.getLocalPort() + ": allowed -> finding (rule test-port)";
        Daemon.until("it is in the log", () -> daemon.log().contains("tcp 127.0.0.1" + change));

        replace(policy, "version: 1\nrules:\n  - {name: test-port, expcet: closed}\n");
        shows(daemon, NOT_LOADED);
        awaitMessages(hook, "PortcurfewOpen firing", "PortcurfewPolicyNotLoaded firing");
        assertThat(hook.messages().get(1).annotation("evidence"))
            .contains(policy + ":3:23: rules[0].expcet: unknown key.");
        assertThat(hook.messages().get(1).annotation("policy")).isEqualTo(now);
        assertThat(daemon.get("/metrics")).contains(compliant(0));
        assertThat(digest(daemon)).isEqualTo(now);

        expect("closed");
        shows(daemon, LOADED);
        awaitMessages(
            hook,
            "PortcurfewOpen firing",
            "PortcurfewPolicyNotLoaded firing",
            "PortcurfewPolicyNotLoaded resolved");
        assertThat(digest(daemon)).isEqualTo(now);
      }
    }
  }

  @Test
  void reloadCommandPrintsItsResult() throws Exception {
    try (WebhookSink hook = WebhookSink.start()) {
      configure("ops", hook, "scan: {every: 1h}");
      assertThat(reload().err()).startsWith("portcurfew: no agent runs with the state folder ");
      assertThat(reload().status()).isEqualTo(75);
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        // The agent may read the file by itself before the command makes it do so.
        Daemon.until(
            "the command prints the change",
            () -> {
              expect("allowed");
              shows(daemon, compliant(1));
              expect("closed");
              Program.Ended good = reload();
              assertThat(good.status()).as(good.toString()).isEqualTo(0);
              assertThat(good.out())
                  .startsWith("policy " + policy + " with 1 rule is active, digest ")
                  .contains(digest(daemon));
              return good.out().contains(": allowed -> finding (rule test-port)");
            });
        shows(daemon, compliant(0));

        configure("ops", hook, "scan: {evry: 1h}");
        Program.Ended bad = reload();
        assertThat(bad.status()).isEqualTo(78);
        assertThat(bad.err()).contains(config + ":5:8: scan.evry: unknown key.");
        shows(daemon, NOT_LOADED);

        configure("ops", hook, "log: {format: ecs}");
        Program.Ended restart = reload();
        assertThat(restart.status()).isEqualTo(0);
        assertThat(restart.out())
            .contains("log.format: this change needs a restart. Found: ecs. Active: text.");
        assertThat(daemon.terminate()).isEqualTo(0);
      }
    }
  }

  @Test
  void forbiddenReload_isExplained() throws Exception {
    Requirement.root();
    try (WebhookSink hook = WebhookSink.start()) {
      configure("ops", hook, "scan: {every: 1h}");
      Files.createDirectory(folder.resolve("state"));
      Program.Ended ended =
          PublicDistribution.into(folder)
              .run(
                  List.of(), PublicDistribution.AS_NOBODY, "reload", "--config", config.toString());
      assertThat(ended.status()).isEqualTo(75);
      assertThat(ended.err())
          .startsWith("portcurfew: only root and the user of the agent can reload it");
    }
  }

  @Test
  void sighupReadsTheFiles() throws Exception {
    try (WebhookSink before = WebhookSink.start();
        WebhookSink after = WebhookSink.start()) {
      configure("ops", before, "scan: {every: 1h}");
      expect("closed");
      try (Daemon daemon = Daemon.start(HEEDS_HANG_UP, config, folder.resolve("log"))) {
        awaitMessages(before, "PortcurfewOpen firing");
        hangUp(daemon);
        Daemon.until("it says so", () -> daemon.log().contains(" is active, digest "));
        configure("night", after, "scan: {every: 1s}");
        hangUp(daemon);
        shows(daemon, "portcurfew_outbox_notifications{receiver=\"night\"}");
        assertThat(daemon.get("/metrics")).doesNotContain("receiver=\"ops\"");
        awaitMessages(after, "PortcurfewOpen firing");
        open.close();
        awaitMessages(after, "PortcurfewOpen firing", "PortcurfewOpen resolved");
        assertThat(before.messages()).hasSize(1);
        long scans = daemon.scans();
        Daemon.until("it scans every second", () -> daemon.scans() > scans + 2);
      }
    }
  }
}
