package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.portcurfew.docs.ShippedFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Every shipped alert fires in a real Prometheus and arrives in a real Alertmanager, from series
 * that this test serves. The rules are the shipped ones with minutes made seconds.
 */
@Timeout(1200)
class AlertFiringIT {

  private static final Pattern ALERT = Pattern.compile("alert: (Portcurfew\\w+)");

  private static final String HEALTHY =
      """
      portcurfew_build_info{version="1",java_version="17"} 1
      portcurfew_rule_compliant{rule="npmp-gui",expect="closed",severity="critical"} 1
      portcurfew_findings{kind="unlisted",severity="warning"} 0
      portcurfew_findings{kind="hidden",severity="critical"} 0
      portcurfew_findings{kind="scan-late",severity="warning"} 0
      portcurfew_scans_total{outcome="complete"} %1$d
      portcurfew_scans_total{outcome="partial"} 0
      portcurfew_scans_total{outcome="failed"} 0
      portcurfew_last_scan_timestamp_seconds{outcome="complete"} %2$d
      portcurfew_source_up{source="lsof"} 1
      portcurfew_notifications_total{receiver="ops",outcome="refused"} 0
      portcurfew_outbox_oldest_seconds{receiver="ops"} 0
      portcurfew_store_writable 1
      portcurfew_store_lost_changes_total 0
      portcurfew_heartbeats_total{outcome="failed"} 0
      portcurfew_heartbeats_total{outcome="delivered"} %1$d
      portcurfew_config_last_reload_successful 1
      portcurfew_bundle_fetches_total{outcome="refused"} 0
      portcurfew_bundle_last_success_timestamp_seconds %2$d
      portcurfew_bundle_expiry_timestamp_seconds 99999999999
      """;

  private static final String BROKEN =
      """
      portcurfew_build_info{version="1",java_version="17"} 1
      portcurfew_rule_compliant{rule="npmp-gui",expect="closed",severity="critical"} 0
      portcurfew_findings{kind="unlisted",severity="warning"} 2
      portcurfew_findings{kind="hidden",severity="critical"} 1
      portcurfew_findings{kind="scan-late",severity="warning"} 1
      portcurfew_scans_total{outcome="complete"} 1000
      portcurfew_scans_total{outcome="partial"} %1$d
      portcurfew_scans_total{outcome="failed"} %1$d
      portcurfew_last_scan_timestamp_seconds{outcome="complete"} 1000
      portcurfew_source_up{source="lsof"} 0
      portcurfew_notifications_total{receiver="ops",outcome="refused"} %1$d
      portcurfew_outbox_oldest_seconds{receiver="ops"} 700
      portcurfew_store_writable 0
      portcurfew_store_lost_changes_total %1$d
      portcurfew_heartbeats_total{outcome="failed"} %1$d
      portcurfew_heartbeats_total{outcome="delivered"} 1000
      portcurfew_config_last_reload_successful 0
      portcurfew_bundle_fetches_total{outcome="refused"} %1$d
      portcurfew_bundle_last_success_timestamp_seconds 1000
      portcurfew_bundle_expiry_timestamp_seconds %2$d
      """;

  @TempDir private Path folder;
  private final AtomicInteger scrapes = new AtomicInteger();
  private volatile String series = HEALTHY;

  @BeforeAll
  static void needs() {
    Requirement.program("prometheus");
    Requirement.program("prometheus-alertmanager");
  }

  private HttpServer serve() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] text =
              series
                  .formatted(scrapes.incrementAndGet(), Instant.now().getEpochSecond())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/plain; version=0.0.4");
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** Windows of 20 s, ages of 16 s, and no wait. */
  private static String scaled(String rules) {
    return rules
        .replaceAll("\\[(5|10|15)m]", "[20s]")
        .replaceAll("for: \\d+m", "for: 1s")
        .replaceAll("> 600\\b", "> 16")
        .replaceAll("> bool 3600\\b", "> bool 16");
  }

  @Test
  void everyAlertFires() throws Exception {
    Set<String> alerts =
        ALERT
            .matcher(ShippedFile.read("config/prometheus/portcurfew.rules.yaml"))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(alerts).hasSizeGreaterThan(15);
    HttpServer server = serve();
    try (WebhookSink sink = WebhookSink.start();
        MonitoringPeers peers = MonitoringPeers.notifying(sink, folder)) {
      // Nobody listens on the second one.
      String targets =
          "127.0.0.1:" + server.getAddress().getPort() + "\", \"127.0.0.1:" + Peer.freePort();
      String prometheus = peers.scrape(targets, AlertFiringIT::scaled);
      Peer.until(
          "the dead host is found",
          () -> firing(prometheus, "/api/v1/alerts", "/data/alerts").contains("PortcurfewDown"));
      int before = scrapes.get();
      Peer.until("there are more scrapes", () -> scrapes.get() > before + 22);
      assertThat(firing(prometheus, "/api/v1/alerts", "/data/alerts"))
          .containsExactly("PortcurfewDown");
      series = BROKEN;
      Peer.until(
          "every alert arrives in Alertmanager",
          () -> firing(peers.first(), "/api/v2/alerts", "").equals(alerts));
    } finally {
      server.stop(0);
    }
  }

  /** The names of the alerts that fire there, also of inhibited ones. */
  private static Set<String> firing(String url, String path, String list) {
    Set<String> names = new TreeSet<>();
    try {
      for (JsonNode alert : new ObjectMapper().readTree(Daemon.get(url, path)).at(list)) {
        if (!alert.has("state") || alert.get("state").asString().equals("firing")) {
          names.add(alert.at("/labels/alertname").asString());
        }
      }
    } catch (IOException notYetReady) {
      return Set.of();
    }
    return names;
  }
}
