package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DatabaseErrorTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"alerts", "history", "silence list", "silence end x"})
  void missingDatabaseIsExplained(String command) throws IOException {
    Path config = folder.resolve("portcurfew.yaml");
    Files.writeString(config, "state: " + folder.resolve("state") + "\n");
    StringWriter err = new StringWriter();
    CommandLine line = Cli.commandLine().setErr(new PrintWriter(err));
    int status = line.execute((command + " --config " + config).split(" ", -1));
    assertThat(err.toString())
        .isEqualTo(
            "No data yet: the agent has never run here. Start it with: systemctl start"
                + " portcurfew\n");
    assertThat(status).isEqualTo(75);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alerts", "history", "silence list", "silence end x"})
  void unreadableSecretOfAReceiverIsNotNeeded(String command) throws IOException {
    Path config = folder.resolve("portcurfew.yaml");
    Files.writeString(
        config,
        "state: "
            + folder.resolve("state")
            + "\npolicy: none.yaml\nnotify: {receivers: [{name: ops, webhook: {url:"
            + " 'http://127.0.0.1:9/', secret_file: /run/credentials/portcurfew.service/ops}}]}\n");

    assertThat(CommandLines.run((command + " --config " + config).split(" ", -1)).text())
        .startsWith("No data yet: ");
  }
}
