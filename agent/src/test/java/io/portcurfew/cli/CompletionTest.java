package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {

  @TempDir private Path folder;

  private String complete(String kind) throws IOException {
    Path config = folder.resolve("portcurfew.yaml");
    Files.writeString(
        config,
        "policy: policy.yaml\nstate: "
            + folder.resolve("state")
            + "\nnotify: {receivers: [{name: ops, webhook: {url: 'http://127.0.0.1:9/'}}]}\n");
    Files.writeString(
        folder.resolve("policy.yaml"),
        "version: 1\nrules: [{name: npmp-gui, ports: 611, expect: closed}]\n");
    CommandLines.Ended ended = CommandLines.run("complete", kind, "--config", config.toString());
    assertThat(ended.status()).isZero();
    return ended.text();
  }

  @Test
  void rulesAreThoseOfThePolicy() throws IOException {
    assertThat(complete("rules").lines()).containsExactly("npmp-gui", "default");
  }

  @Test
  void receiversAreThoseOfTheConfig() throws IOException {
    assertThat(complete("receivers").lines()).containsExactly("ops");
  }

  @Test
  void withoutADatabase_thereAreNoSilences() throws IOException {
    assertThat(complete("silences")).isEmpty();
  }

  @Test
  void unreadableConfig_offersNothing() {
    String none = folder.resolve("none.yaml").toString();

    assertThat(CommandLines.run("complete", "rules", "--config", none).text()).isEmpty();
  }

  @Test
  void scriptOffersFormatsAndAsksForNames() {
    assertThat(CommandLines.run("generate-completion").text())
        .contains("\"auto\"", "\"lsof-fields\"", "\"prometheus\"", "complete -F _portcurfew ");
  }
}
