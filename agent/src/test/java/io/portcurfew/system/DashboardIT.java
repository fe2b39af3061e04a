package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.docs.ShippedFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Every query of the dashboards has a result in a real Prometheus that scrapes a real agent. */
@Timeout(120)
class DashboardIT {

  private static final List<String> FILES =
      List.of("portcurfew-fleet.json", "portcurfew-host.json");

  @TempDir private Path folder;

  /** A query of a panel. */
  private record Query(String panel, String expression) {

    /** As Grafana sends it, with every variable replaced. */
    String resolved() {
      return expression
          .replace("$job", "portcurfew")
          .replace("$instance", ".*")
          .replace("$__rate_interval", "1m");
    }
  }

  @BeforeAll
  static void needs() {
    Requirement.program("prometheus");
    Requirement.program("prometheus-alertmanager");
  }

  private static List<Query> queries() throws IOException {
    List<Query> all = new ArrayList<>();
    for (String file : FILES) {
      JsonNode board = new ObjectMapper().readTree(ShippedFile.read("config/grafana/" + file));
      for (JsonNode panel : board.get("panels")) {
        for (JsonNode target : panel.get("targets")) {
          String title = file + ": " + panel.get("title").asString();
          all.add(new Query(title, target.get("expr").asString()));
        }
      }
    }
    return all;
  }

  private Path config(int closed, String alertmanagers) throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        default: allow
        rules:
          - {name: curfew, ports: %d, protocol: tcp, expect: closed, severity: critical}
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
              alertmanager: {urls: %s}
        """
            .formatted(folder.resolve("state"), alertmanagers));
  }

  @Test
  void everyQueryHasAResult() throws Exception {
    int closed = Peer.freePort();
    List<Query> queries = queries();
    assertThat(queries).hasSizeGreaterThan(30);
    try (ServerSocket open = new ServerSocket(closed, 1, InetAddress.getLoopbackAddress());
        WebhookSink sink = WebhookSink.start();
        MonitoringPeers peers = MonitoringPeers.notifying(sink, folder);
        Daemon daemon = Daemon.start(config(closed, peers.urls()), folder.resolve("log"))) {
      assertThat(open.isBound()).isTrue();
      String prometheus = peers.scrape(daemon.web());
      for (Query query : queries) {
        Peer.until("there is a result of " + query, () -> hasResult(prometheus, query.resolved()));
      }
    }
  }

  /** A fleet pays for each series of each host; this is the agent of most hosts. */
  @Test
  void shippedPolicyHasAtMost120Series() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("shipped.yaml"),
            """
            policy: %s
            scan: {every: 1s}
            cross_check: {every: 2s}
            state: %s
            web: {listen: "127.0.0.1:0"}
            """
                .formatted(
                    Program.HOME.resolve("config/policy.yaml"), folder.resolve("shipped-state")));
    try (Daemon daemon = Daemon.start(config, folder.resolve("shipped.log"))) {
      Peer.until(
          "every source was asked",
          () -> daemon.get("/metrics").contains("portcurfew_source_up{source=\"lsof\"}"));
      assertThat(daemon.get("/metrics").lines().filter(line -> !line.startsWith("#")).toList())
          .hasSizeBetween(80, 120);
    }
  }

  private static boolean hasResult(String prometheus, String expression) {
    String encoded = URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      String answer = Daemon.get(prometheus, "/api/v1/query?query=" + encoded);
      return !new ObjectMapper().readTree(answer).at("/data/result").isEmpty();
    } catch (IOException notYetReady) {
      return false;
    }
  }
}
