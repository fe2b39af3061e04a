package io.portcurfew.system;

import io.portcurfew.docs.ShippedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Two clustered Alertmanagers and a Prometheus with the shipped rules, routes and inhibitions. They
 * only scrape and evaluate each second, and group each 5 s.
 */
final class MonitoringPeers implements AutoCloseable {

  private final Path folder;
  private final List<Peer> peers = new ArrayList<>();
  private final List<Integer> alertmanagers = new ArrayList<>();
  private String targetLabels = "";

  private MonitoringPeers(Path folder) {
    this.folder = folder;
  }

  /** Starts the Alertmanagers, which notify this sink. */
  static MonitoringPeers notifying(WebhookSink sink, Path folder) throws Exception {
    MonitoringPeers all = new MonitoringPeers(folder);
    String routes =
        ShippedFile.read("config/alertmanager/alertmanager.yml")
            .replaceAll("http://127.0.0.1:9900/\\w+", sink.url())
            .replace("group_interval: 5m", "group_interval: 5s")
            .replace("group_wait: 10s", "group_wait: 1s");
    Path config = Files.writeString(folder.resolve("alertmanager.yml"), routes);
    int first = Peer.freePort();
    all.alertmanager(config, first, List.of());
    all.alertmanager(config, Peer.freePort(), List.of("--cluster.peer=127.0.0.1:" + first));
    return all;
  }

  private void alertmanager(Path config, int cluster, List<String> more) throws Exception {
    int web = Peer.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                "prometheus-alertmanager",
                "--config.file=" + config,
                "--storage.path=" + folder.resolve("am-" + web),
                "--cluster.listen-address=127.0.0.1:" + cluster,
                "--cluster.settle-timeout=0s",
                "--cluster.peer-timeout=5s",
                "--web.listen-address=127.0.0.1:" + web));
    command.addAll(more);
    Peer peer = Peer.start(folder.resolve("am-" + web + ".log"), command.toArray(String[]::new));
    peers.add(peer);
    peer.untilItListens(web);
    alertmanagers.add(web);
  }

  /** Gives the targets of Prometheus the label {@code host}. */
  void labelTargets(String host) {
    targetLabels = "\n        labels: {host: \"" + host + "\"}";
  }

  /** The URLs of the Alertmanagers as a list of YAML. */
  String urls() {
    return alertmanagers.stream()
        .map(port -> "\"http://127.0.0.1:" + port + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** The URL of the first Alertmanager. */
  String first() {
    return "http://127.0.0.1:" + alertmanagers.get(0);
  }

  /** Starts a Prometheus that scrapes this agent; gives the URL of Prometheus. */
  String scrape(String target) throws Exception {
    return scrape(target, rules -> rules);
  }

  /**
   * The same with changed rules.
   *
   * @param target one target, or several as a list of YAML continues
   */
  String scrape(String target, UnaryOperator<String> rules) throws Exception {
    Files.writeString(
        folder.resolve("portcurfew.rules.yaml"),
        rules.apply(ShippedFile.read("config/prometheus/portcurfew.rules.yaml")));
    String targets = urls().replace("http://", "");
    String config =
        ShippedFile.read("config/prometheus/prometheus.yml")
            .replace("[\"127.0.0.1:10611\"]", "[\"" + target + "\"]" + targetLabels)
            .replace("[\"127.0.0.1:9093\"]", targets)
            .replace("interval: 15s", "interval: 1s");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
    int web = Peer.freePort();
    Peer peer =
        Peer.start(
            folder.resolve("prometheus.log"),
            "prometheus",
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("tsdb"),
            "--web.listen-address=127.0.0.1:" + web);
    peers.add(peer);
    peer.untilItListens(web);
    return "http://127.0.0.1:" + web;
  }

  /** The alerts that fire in the first Alertmanager, as amtool prints them. */
  String firing() throws IOException, InterruptedException {
    String url = "--alertmanager.url=http://127.0.0.1:" + alertmanagers.get(0);
    return Program.must("amtool", url, "alert", "query", "-o", "json");
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
  }
}
