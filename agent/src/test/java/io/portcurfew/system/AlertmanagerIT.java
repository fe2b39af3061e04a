package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The daemon and two real Alertmanagers, read with their own tool. */
@Timeout(120)
class AlertmanagerIT {

  @TempDir private Path folder;

  @BeforeAll
  static void needs() {
    Requirement.program("prometheus-alertmanager");
    Requirement.program("amtool");
  }

  private Peer alertmanager(int port) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            "route: {receiver: nobody, group_by: [alertname, host]}\nreceivers: [{name: nobody}]\n");
    Peer peer =
        Peer.start(
            folder.resolve("am-" + port + ".log"),
            "prometheus-alertmanager",
            "--config.file=" + config,
            "--storage.path=" + folder.resolve("am-" + port),
            "--cluster.listen-address=",
            "--web.listen-address=127.0.0.1:" + port);
    peer.untilItListens(port);
    return peer;
  }

  /** The firing alerts, as amtool reports them. */
  private static JsonNode firing(int port) throws Exception {
    String url = "--alertmanager.url=http://127.0.0.1:" + port;
    return new ObjectMapper().readTree(Program.must("amtool", url, "alert", "query", "-o", "json"));
  }

  private Path config(int closed, int first, int second) throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        default: allow
        rules:
          - {name: curfew, ports: %d, protocol: tcp, expect: closed, severity: critical,
             labels: {team: databases}, because: a test opens it}
        """
            .formatted(closed));
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %s
        web: {listen: "127.0.0.1:0"}
        notify:
          receivers:
            - name: alerts
              match: {team: databases}
              alertmanager:
                urls: ["http://127.0.0.1:%d", "http://127.0.0.1:%d"]
                resend_every: 1s
        """
            .formatted(folder.resolve("state"), first, second));
  }

  @Test
  void bothGetFiringAndResolvedAlerts() throws Exception {
    int first = Peer.freePort();
    int second = Peer.freePort();
    int closed = Peer.freePort();
    Peer one = alertmanager(first);
    try (Peer two = alertmanager(second);
        Daemon daemon = Daemon.start(config(closed, first, second), folder.resolve("log"))) {
      try (ServerSocket open = new ServerSocket(closed, 1, InetAddress.getLoopbackAddress())) {
        Peer.until("the first hears of it", () -> firing(first).size() == 1);
        Peer.until("the second hears of it", () -> firing(second).size() == 1);
        JsonNode alert = firing(first).get(0);
        assertThat(alert.at("/labels/alertname").asString()).isEqualTo("PortcurfewOpen");
        assertThat(alert.at("/labels/port").asString())
            .isEqualTo(Integer.toString(open.getLocalPort()));
        assertThat(alert.at("/labels/team").asString()).isEqualTo("databases");
        assertThat(alert.at("/annotations/because").asString()).isEqualTo("a test opens it");
        // It forgets all alerts.
        one.close();
        one = alertmanager(first);
        Peer.until("it hears of it again", () -> firing(first).size() == 1);
      }
      Peer.until("the first hears that it is over", () -> firing(first).isEmpty());
      Peer.until("the second hears that it is over", () -> firing(second).isEmpty());
      assertThat(daemon.log()).contains("RESOLVED curfew: ");
      assertThat(daemon.get("/metrics"))
          .contains("portcurfew_notifications_total{outcome=\"delivered\",receiver=\"alerts\"} 2");
      assertThat(two.toString()).doesNotContain("level=error");
    } finally {
      one.close();
    }
  }
}
