package io.portcurfew.system;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A real Prometheus that scrapes one agent each second. */
final class Prometheus implements AutoCloseable {

  private final Process process;
  private final String base;

  private Prometheus(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  static Prometheus scraping(String target, Path folder) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s}
            scrape_configs:
              - job_name: portcurfew
                static_configs: [{targets: ["%s"]}]
            """
                .formatted(target));
    String web = "127.0.0.1:" + Peer.freePort();
    Process process =
        Program.builder(
                List.of(
                    "prometheus",
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + folder.resolve("tsdb"),
                    "--web.listen-address=" + web))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, "http://" + web);
  }

  /** Waits until the rule of the test has this value in Prometheus. */
  void untilCompliantIs(int value) throws Exception {
    Daemon.until("Prometheus sees " + value, () -> compliant().equals(Integer.toString(value)));
  }

  private String compliant() {
    String query =
        URLEncoder.encode("portcurfew_rule_compliant{rule=\"npmp-gui\"}", StandardCharsets.UTF_8);
    try {
      String answer = Daemon.get(base, "/api/v1/query?query=" + query);
      JsonNode result = new ObjectMapper().readTree(answer).get("data").get("result");
      return result.isEmpty() ? "" : result.get(0).get("value").get(1).asString();
    } catch (IOException notUpYet) {
      return "";
    }
  }

  @Override
  public void close() {
    ProcessEnd.kill(process);
  }
}
