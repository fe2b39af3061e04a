package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The daemon and two real Alertmanagers, read with their own tool. */
@Timeout(1200)
class AlertmanagerIT {

  /** The first of 90 ports below those that the kernel gives to clients. */
  private static final int FIRST = 19_000;

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
    return config(Integer.toString(closed), "critical", first, second, "1s");
  }

  private Path config(String closed, String severity, int first, int second, String resend)
      throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        default: allow
        rules:
          - {name: curfew, ports: %s, namespace: host, protocol: tcp, expect: closed, severity: %s,
             labels: {team: databases}, because: a test opens it}
        """
            .formatted(closed, severity));
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
                resend_every: %s
        """
            .formatted(folder.resolve("state"), first, second, resend));
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

  /** Openings and ends above the rate limit are one summary; the second Alertmanager is down. */
  @Test
  void summary_leavesOnlyWhatFires() throws Exception {
    int port = Peer.freePort();
    String closed = FIRST + "-" + (FIRST + 89);
    Path config = config(closed, "warning", port, Peer.freePort(), "1h");
    List<ServerSocket> open = new ArrayList<>();
    try (Peer one = alertmanager(port);
        Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
      Daemon.until("a scan ended", () -> daemon.scans() > 0);
      open.addAll(listen(ports(0, 60)));
      Peer.until("60 fire", () -> portsOf(firing(port)).equals(ports(0, 60)));
      for (ServerSocket ended : open.subList(0, 30)) {
        ended.close();
      }
      open.addAll(listen(ports(60, 90)));
      Peer.until("30 ended", () -> portsOf(firing(port)).equals(ports(30, 90)));
      assertThat(one.toString()).doesNotContain("level=error");
    } finally {
      for (ServerSocket each : open) {
        each.close();
      }
    }
  }

  private static Set<Integer> ports(int from, int to) {
    return IntStream.range(FIRST + from, FIRST + to)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<ServerSocket> listen(Set<Integer> ports) throws IOException {
    List<ServerSocket> open = new ArrayList<>();
    for (int port : ports) {
      open.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
    }
    return open;
  }

  private static Set<Integer> portsOf(JsonNode alerts) {
    Set<Integer> ports = new TreeSet<>();
    alerts.forEach(alert -> ports.add(Integer.valueOf(alert.at("/labels/port").asString())));
    return ports;
  }
}
