package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** 4,000 ports that are opened at once, before the daemon of the finished distribution. */
@Timeout(1200)
class FloodIT {

  private static final int COUNT = 4_000;
  private static final int FIRST = 20_000;
  private static final int MIDDLE = FIRST + COUNT / 2;

  private static final String OPEN =
      """
      import resource, socket, sys, time
      resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
      held = []
      print('ready', flush=True)
      for port in range(%d, %d):
          s = socket.socket()
          s.bind(('127.0.0.1', port))
          held.append(s)
      for s in held:
          s.listen(1)
      time.sleep(3600)
      """
          .formatted(FIRST, FIRST + COUNT);

  @TempDir private Path folder;

  @Test
  void floodIsOneSummaryForEachReceiver() throws Exception {
    try (Namespace there = Namespace.create("flood");
        WebhookSink hook = WebhookSink.start();
        WebhookSink other = WebhookSink.start()) {
      Path config = config(there, hook.url(), other.url());
      try (Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        Daemon.until("a scan ended", () -> daemon.scans() > 0);
        long before = size();
        try (Python holder = Python.start(there.prefix(), OPEN)) {
          assertThat(holder.pid()).isPositive();
          Daemon.until("all fire", () -> fire(daemon, "warning") && fire(daemon, "critical"));
          for (WebhookSink each : List.of(hook, other)) {
            Daemon.until("all are notified", () -> opened(each) >= COUNT);
            // Each of the two rules has at most four openings that events report alone within
            // milliseconds, before a scan merges the rest; waiting for more would delay the first.
            assertThat(each.messages().size()).as("messages").isLessThanOrEqualTo(8);
          }
          JsonNode alerts = alerts(config);
          assertThat(alerts).hasSize(COUNT);
          assertThat(daemon.terminate()).isZero();
          assertThat(size() - before).as("growth in bytes, WAL and all").isLessThan(20L << 20);
        }
      }
      try (Daemon next = Daemon.start(config, folder.resolve("log2"))) {
        Daemon.until("the end is notified", () -> over(hook) >= COUNT);
        assertThat(next.get("/metrics")).contains("portcurfew_store_lost_changes_total 0.0");
      }
    }
  }

  private static boolean fire(Daemon daemon, String severity) throws Exception {
    String half = "{severity=\"%s\",state=\"firing\"} %d.0".formatted(severity, COUNT / 2);
    return daemon.get("/metrics").contains("portcurfew_alerts" + half);
  }

  private static JsonNode alerts(Path config) throws Exception {
    Program.Ended shown =
        Program.run(
            Program.PORTCURFEW, "alerts", "--config", config.toString(), "--output", "json");
    assertThat(shown.status()).as(shown.err()).isZero();
    return new ObjectMapper().readTree(shown.out()).get("alerts");
  }

  /** The number of openings in its messages, in summaries or alone. */
  private static long opened(WebhookSink hook) {
    return hook.messages().stream().mapToLong(each -> count(each, "firing")).sum();
  }

  private static long over(WebhookSink hook) {
    return hook.messages().stream().mapToLong(each -> count(each, "resolved")).sum();
  }

  private static long count(WebhookSink.Message reported, String status) {
    JsonNode json = reported.json();
    long shown = json.get("alerts").size();
    boolean fits = json.get("status").asString().equals(status);
    return fits ? shown + json.get("truncatedAlerts").asLong() : 0;
  }

  /** Of the database; what is in its WAL comes into it sooner or later. */
  private long size() throws Exception {
    return Files.size(folder.resolve("state/portcurfew.db"));
  }

  private Path config(Namespace there, String... hooks) throws Exception {
    String rule = rule(there, "warning", FIRST) + "\n  - " + rule(there, "critical", MIDDLE);
    String receivers =
        """
          receivers:
            - {name: one, webhook: {url: "%s"}}
            - {name: two, webhook: {url: "%s"}}
        """
            .formatted(hooks[0], hooks[1]);
    return AgentFiles.write(folder, rule, receivers);
  }

  private static String rule(Namespace there, String severity, int first) {
    return "{name: flood-%s, ports: %d-%d, namespace: %s, expect: closed, severity: %s}"
        .formatted(severity, first, first + COUNT / 2 - 1, there.name(), severity);
  }
}
