package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The daemon of the finished distribution, with a webhook receiver and a real Prometheus. */
class RunIT {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static final String COMPLIANT =
      "portcurfew_rule_compliant{expect=\"closed\",rule=\"npmp-gui\",severity=\"critical\"} 1.0";

  private static final String OSHI = "portcurfew_source_up{source=\"oshi\"} 1.0";

  @TempDir private Path folder;
  private int port;

  @BeforeEach
  void pickAPort() {
    port = Peer.freePort();
  }

  private Path config(String... notify) throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        rules:
          - name: npmp-gui
            ports: %d
            namespace: host
            expect: closed
            severity: critical
            because: a port that the test opens
        """
            .formatted(port));
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %s
        web: {listen: "127.0.0.1:0"}
        %s
        """
            .formatted(folder.resolve("state"), String.join("\n", notify)));
  }

  private Path log(String name) {
    return folder.resolve(name);
  }

  @Test
  void webhookGetsTheOpeningAndTheEndOnly() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "open sesame\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    try (WebhookSink hook = WebhookSink.start();
        Daemon daemon = Daemon.start(config(receivers(hook, secret)), log("log"))) {
      Daemon.until("the first scan ended", () -> daemon.get("/metrics").contains(COMPLIANT));
      // Its evidence has what each source says at once, and OSHI is slow when it is first asked.
      Daemon.until("OSHI was asked", () -> daemon.get("/metrics").contains(OSHI));
      ServerSocket open = new ServerSocket(port, 1, LOOPBACK);
      Daemon.until("the opening is notified", () -> hook.messages().size() == 1);
      long scans = daemon.scans();
      Daemon.until("three more scans ended", () -> daemon.scans() >= scans + 3);
      assertThat(hook.messages()).hasSize(1);
      open.close();
      Daemon.until("the closing is notified", () -> hook.messages().size() == 2);
      assertThat(daemon.terminate()).isEqualTo(0);
      assertThat(hook.messages()).hasSize(2);
      checkPair(hook.messages().get(0), hook.messages().get(1));
      for (WebhookSink.Message message : hook.messages()) {
        assertThat(message.signature()).isEqualTo("sha256=" + hmac("open sesame", message.body()));
        assertThat(message.key()).isEqualTo(message.json().get("id").asString());
      }
      assertThat(daemon.log()).doesNotContain("sesame");
    }
  }

  private static String[] receivers(WebhookSink hook, Path secret) {
    return new String[] {
      // The alert of a scan has the view of each source.
      "events: {tcp: off, udp: off}",
      "notify:",
      "  receivers:",
      "    - name: ops",
      "      webhook: {url: \"" + hook.url() + "\", secret_file: " + secret + "}"
    };
  }

  private void checkPair(WebhookSink.Message opened, WebhookSink.Message closed) {
    JsonNode first = opened.json();
    JsonNode last = closed.json();
    assertThat(first.get("status").asString()).isEqualTo("firing");
    assertThat(last.get("status").asString()).isEqualTo("resolved");
    assertThat(first.get("reason").asString()).isEqualTo("first");
    assertThat(last.get("reason").asString()).isEqualTo("resolved");
    assertThat(first.get("id").asString()).isNotEqualTo(last.get("id").asString());
    JsonNode alert = first.get("alerts").get(0);
    assertThat(last.get("alerts").get(0).get("fingerprint")).isEqualTo(alert.get("fingerprint"));
    assertThat(alert.get("labels").get("alertname").asString()).isEqualTo("PortcurfewOpen");
    assertThat(alert.get("labels").get("port").asString()).isEqualTo(Integer.toString(port));
    assertThat(alert.get("annotations").get("owner").asString())
        .contains("pid " + ProcessHandle.current().pid() + " ");
    assertThat(alert.get("annotations").get("evidence").asString())
        .contains("oshi: tcp 127.0.0.1:" + port + " held by pid " + ProcessHandle.current().pid());
  }

  private static String hmac(String secret, String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Program.utf8(secret), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(Program.utf8(body)));
  }

  @Test
  void prometheusSeesTheRuleBreakAndHold() throws Exception {
    Requirement.program("prometheus");
    Requirement.program("promtool");
    try (Daemon daemon = Daemon.start(config(), log("log"));
        Prometheus prometheus = Prometheus.scraping(daemon.web(), folder)) {
      prometheus.untilCompliantIs(1);
      try (ServerSocket open = new ServerSocket(port, 1, LOOPBACK)) {
        assertThat(open.isBound()).isTrue();
        prometheus.untilCompliantIs(0);
      }
      prometheus.untilCompliantIs(1);
      Path page = Files.writeString(folder.resolve("metrics"), daemon.get("/metrics"));
      Program.Ended checked =
          Program.run("sh", "-c", "promtool check metrics < " + page.toAbsolutePath());
      assertThat(checked.out() + checked.err()).isEmpty();
      assertThat(checked.status()).isEqualTo(0);
    }
  }

  @Test
  void whileEveryToolHangsScansGoOn() throws Exception {
    Requirement.root();
    Path asked = folder.resolve("asked");
    Path held = Files.createFile(folder.resolve("held"));
    Path tool =
        Files.writeString(
            folder.resolve("tool"),
            "#!/bin/sh\ntouch " + asked + "; while [ -e " + held + " ]; do sleep 0.1; done\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
    String mounts =
        "for t in ss lsof netstat; do for d in /usr/bin /bin /usr/sbin /sbin; do [ -e $d/$t ] &&"
            + " mount --bind "
            + tool
            + " $(readlink -f $d/$t); done; done; exec \"$@\"";
    List<String> prefix = List.of("unshare", "--mount", "sh", "-c", mounts, "sh");
    try (Daemon daemon = Daemon.start(prefix, config(), log("log"))) {
      Daemon.until("a tool is asked", () -> Files.exists(asked));
      long scans = daemon.scans();
      Daemon.until("two more scans ended", () -> daemon.scans() >= scans + 2);
      assertThat(daemon.get("/metrics"))
          .as("the comparison still waits for the tools")
          .contains("source=\"sock_diag\"")
          .doesNotContain("source=\"ss\"");
      Files.delete(held);
      Daemon.until("the comparison ended", () -> daemon.get("/metrics").contains("source=\"ss\""));
    }
  }

  @Test
  void secondAgentOnAStateFolder_isRefused() throws Exception {
    Path config = config();
    try (Daemon first = Daemon.start(config, log("first"))) {
      Process second = Daemon.begin(config, log("second"));
      assertThat(second.waitFor(Daemon.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).isEqualTo(75);
      assertThat(Files.readString(log("second")))
          .contains("another agent, pid " + first.pid() + ", holds the state folder");
      assertThat(first.terminate()).isEqualTo(0);
    }
  }

  @Test
  void wrongConfig_endsTheStartWithEveryProblem() throws Exception {
    Path config = Files.writeString(folder.resolve("portcurfew.yaml"), "scan: {evry: 1s}\nx: 1\n");
    Process process = Daemon.begin(config, log("log"));
    assertThat(process.waitFor(Daemon.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(78);
    assertThat(Files.readString(log("log")))
        .contains(config + ":1:8: scan.evry: ")
        .contains("\"every\"")
        .contains(config + ":2:1: x: ");
  }

  @Test
  void halfHeaders_stopNoScrape() throws Exception {
    try (Daemon daemon = Daemon.start(config(), log("log"));
        HalfHeaders slow = HalfHeaders.open(8, daemon.web())) {
      assertThat(slow.count()).isEqualTo(8);
      assertThat(daemon.get("/metrics")).contains("portcurfew_build_info");
    }
  }
}
