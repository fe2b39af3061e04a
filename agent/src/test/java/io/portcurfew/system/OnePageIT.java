package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One event is one notification of Alertmanager, in each set-up that the documents describe. */
@Timeout(1200)
class OnePageIT {

  @TempDir private Path folder;

  @BeforeAll
  static void needs() {
    for (String program : List.of("prometheus", "prometheus-alertmanager", "amtool")) {
      Requirement.program(program);
    }
  }

  private Path config(int closed, String alertmanagers) throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        default: allow
        rules:
          - {name: curfew, ports: %d, namespace: host, protocol: tcp, expect: closed, severity: critical}
        """
            .formatted(closed));
    String receivers =
        """
        notify:
          receivers:
            - name: alerts
              alertmanager: {urls: %s, resend_every: 5s}
        """
            .formatted(alertmanagers);
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %s
        web: {listen: "127.0.0.1:0"}
        %s"""
            .formatted(folder.resolve("state"), alertmanagers.isEmpty() ? "" : receivers));
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, PortcurfewOpen",
    "true, false, PortcurfewOpen",
    "false, true, PortcurfewRuleBroken"
  })
  void openPortIsOneNotification(boolean sends, boolean scraped, String alert) throws Exception {
    int closed = Peer.freePort();
    try (WebhookSink sink = WebhookSink.start();
        MonitoringPeers peers = MonitoringPeers.notifying(sink, folder);
        Daemon daemon =
            Daemon.start(config(closed, sends ? peers.urls() : ""), folder.resolve("log"))) {
      if (scraped) {
        String prometheus = peers.scrape(daemon.web());
        Peer.until("Prometheus has scraped", () -> hasScraped(prometheus));
      }
      try (ServerSocket open = new ServerSocket(closed, 1, InetAddress.getLoopbackAddress())) {
        assertThat(open.isBound()).isTrue();
        Peer.until("it is notified", () -> !messages(sink, "firing").isEmpty());
        // Long enough for scrapes, evaluations and the second Alertmanager.
        TimeUnit.SECONDS.sleep(10);
        assertThat(messages(sink, "firing")).hasSize(1);
        assertThat(peers.firing()).contains(alert);
      }
      Peer.until("its end is notified", () -> !messages(sink, "resolved").isEmpty());
      TimeUnit.SECONDS.sleep(10);
      assertThat(sink.messages().stream().map(WebhookSink.Message::what))
          .containsExactly(alert + " firing", alert + " resolved");
    }
  }

  /**
   * An agent that sends some severities alone is not left out of the rules of Prometheus; there the
   * label {@code host} of the target lets Alertmanager inhibit what the agent has sent.
   */
  @Test
  void alertOfAFilteredReceiver_isOneNotificationToo() throws Exception {
    int closed = Peer.freePort();
    try (WebhookSink sink = WebhookSink.start();
        MonitoringPeers peers = MonitoringPeers.notifying(sink, folder)) {
      peers.labelTargets(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
      Path config = config(closed, peers.urls());
      String all = "    - name: alerts\n";
      Files.writeString(
          config, Files.readString(config).replace(all, all + "      severity: critical\n"));
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        String prometheus = peers.scrape(daemon.web());
        Peer.until("Prometheus has scraped", () -> hasScraped(prometheus));
        try (ServerSocket open = new ServerSocket(closed, 1, InetAddress.getLoopbackAddress())) {
          assertThat(open.isBound()).isTrue();
          Peer.until(
              "Prometheus has an alert too",
              () -> Daemon.get(prometheus, "/api/v1/alerts").contains("PortcurfewRuleBroken"));
          TimeUnit.SECONDS.sleep(10);
        }
        Peer.until("its end is notified", () -> !messages(sink, "resolved").isEmpty());
        TimeUnit.SECONDS.sleep(10);
        assertThat(sink.messages().stream().map(WebhookSink.Message::what))
            .containsExactly("PortcurfewOpen firing", "PortcurfewOpen resolved");
      }
    }
  }

  private static List<WebhookSink.Message> messages(WebhookSink sink, String status) {
    return sink.messages().stream()
        .filter(reported -> reported.json().get("status").asString().equals(status))
        .toList();
  }

  private static boolean hasScraped(String prometheus) {
    try {
      String query = "/api/v1/query?query=instance_rule:portcurfew_rule_compliant:last10m";
      return Daemon.get(prometheus, query).contains("curfew");
    } catch (IOException notYet) {
      return false;
    }
  }
}
