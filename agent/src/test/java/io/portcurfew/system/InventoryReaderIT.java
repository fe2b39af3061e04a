package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** A real rsyslog follows the file of a receiver and parses every line: alerts and listeners. */
@Timeout(1200)
class InventoryReaderIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @BeforeAll
  static void needs() {
    Requirement.program("rsyslogd");
  }

  /** As in notifications.md. */
  private Peer rsyslog() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("rsyslog.conf"),
            """
            global(workDirectory="%1$s" maxMessageSize="64k")
            module(load="imfile")
            module(load="mmjsonparse")
            template(name="parsed" type="string" string="%%parsesuccess%% %%$!all-json%%\\n")
            ruleset(name="portcurfew") {
              action(type="mmjsonparse" cookie="")
              action(type="omfile" file="%1$s/parsed" template="parsed")
            }
            input(type="imfile" file="%1$s/alerts.json" tag="portcurfew" ruleset="portcurfew"
              addMetadata="off")
            """
                .formatted(folder));
    return Peer.start(
        folder.resolve("rsyslog.log"),
        "rsyslogd",
        "-n",
        "-f",
        config.toString(),
        "-i",
        folder.resolve("pid").toString());
  }

  private List<String> lines(String file) throws IOException {
    Path path = folder.resolve(file);
    return Peer.wholeLines(path);
  }

  @Test
  void everyLine_isParsed() throws Exception {
    try (ServerSocket open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String rule =
          "{name: closed, ports: %d, protocol: tcp, expect: closed}".formatted(open.getLocalPort());
      String notify =
          "  receivers:\n    - {name: shipped, file: {path: %s/alerts.json}}\n".formatted(folder)
              + "inventory: {receiver: shipped, every: 1m}\n";
      Path config = AgentFiles.write(folder, rule, notify);
      try (Peer rsyslog = rsyslog();
          Daemon daemon = Daemon.start(config, folder.resolve("log"))) {
        Daemon.until("it has scanned", () -> daemon.scans() > 0);
        Peer.until(
            "an alert and an inventory are written",
            () -> {
              String text = String.join("\n", lines("alerts.json"));
              return text.contains("portcurfew.inventory") && text.contains("portcurfew.alert");
            });
        assertThat(daemon.terminate()).isZero();
        List<String> written = lines("alerts.json");
        Peer.until(
            "rsyslog has read them: " + rsyslog, () -> lines("parsed").size() >= written.size());
      }
    }
    List<String> parsed = lines("parsed");
    assertThat(parsed).allMatch(line -> line.startsWith("OK {"));
    List<JsonNode> read = parsed.stream().map(line -> JSON.readTree(line.substring(3))).toList();
    assertThat(read)
        .containsExactlyElementsOf(lines("alerts.json").stream().map(JSON::readTree).toList());
  }
}
