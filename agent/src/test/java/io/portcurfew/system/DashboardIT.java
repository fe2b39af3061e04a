package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.BundleFixture;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.SshKeygen;
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
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Every query of the dashboards, and of their variables, has a result in a real Prometheus that
 * scrapes a real agent.
 */
@Timeout(1200)
class DashboardIT {

  private static final List<String> FILES =
      List.of("portcurfew-fleet.json", "portcurfew-host.json");

  private static final Pattern VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

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

  /** The label and the series of each variable, as {@code label_values} names them. */
  private static List<MatchResult> variables() throws IOException {
    List<MatchResult> all = new ArrayList<>();
    for (String file : FILES) {
      JsonNode board = new ObjectMapper().readTree(ShippedFile.read("config/grafana/" + file));
      for (JsonNode variable : board.at("/templating/list")) {
        if (variable.get("type").asString().equals("query")) {
          Matcher query = VALUES.matcher(variable.at("/query/query").asString());
          assertThat(query.matches()).as("%s: %s", file, variable).isTrue();
          all.add(query.toMatchResult());
        }
      }
    }
    return all;
  }

  /** An agent with a signed bundle, whose policy closes two ports. */
  private Path config(int closed, int later, String alertmanagers) throws Exception {
    String policy =
        """
        version: 1
        default: allow
        rules:
          - {name: curfew, ports: [%d, %d], namespace: host, protocol: tcp, expect: closed, severity: critical}
        """
            .formatted(closed, later);
    SshKeygen keygen = new SshKeygen(folder);
    Path key = keygen.key("key");
    Path bundle =
        Files.write(folder.resolve("policy-bundle.tar.gz"), BundleFixture.of(1, policy).archive());
    keygen.sign(key, bundle, SignedBundle.NAMESPACE);
    Files.writeString(
        folder.resolve("allowed_signers"), SshKeygen.line("ops@example.org", "", key));
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: {bundle: %1$s/policy-bundle.tar.gz, allowed_signers: %1$s/allowed_signers}
        scan: {every: 1s}
        state: %1$s/state
        web: {listen: "127.0.0.1:0"}
        notify:
          receivers:
            - name: alerts
              alertmanager: {urls: %2$s}
        """
            .formatted(folder, alertmanagers));
  }

  @Test
  void everyQueryHasAResult() throws Exception {
    Tool.require("ssh-keygen");
    int closed = Peer.freePort();
    int later = Peer.freePort();
    List<Query> queries = queries();
    assertThat(queries).hasSizeGreaterThan(30);
    try (ServerSocket open = new ServerSocket(closed, 1, InetAddress.getLoopbackAddress());
        WebhookSink sink = WebhookSink.start();
        MonitoringPeers peers = MonitoringPeers.notifying(sink, folder);
        Daemon daemon = Daemon.start(config(closed, later, peers.urls()), folder.resolve("log"))) {
      assertThat(open.isBound()).isTrue();
      String prometheus = peers.scrape(daemon.web());
      Peer.until("it was scraped", () -> hasResult(prometheus, "portcurfew_build_info"));
      try (ServerSocket event = new ServerSocket(later, 1, InetAddress.getLoopbackAddress())) {
        assertThat(event.isBound()).isTrue();
        for (Query query : queries) {
          String expression = query.resolved();
          Peer.until("there is a result of " + query, () -> hasResult(prometheus, expression));
        }
      }
      assertThat(variables()).hasSize(3);
      for (MatchResult variable : variables()) {
        assertThat(values(prometheus, variable)).as(variable.group()).isNotEmpty();
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

  /** As Grafana asks for the values of a variable. */
  private static List<JsonNode> values(String prometheus, MatchResult variable) throws IOException {
    String series = new Query("", variable.group(1)).resolved();
    String encoded = URLEncoder.encode(series, StandardCharsets.UTF_8);
    String path = "/api/v1/label/%s/values?match[]=%s".formatted(variable.group(2), encoded);
    return new ObjectMapper()
        .readTree(Daemon.get(prometheus, path))
        .at("/data")
        .valueStream()
        .toList();
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
