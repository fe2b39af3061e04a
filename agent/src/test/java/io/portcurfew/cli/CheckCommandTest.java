package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import io.portcurfew.tags.LiveHost;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CheckCommandTest {

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int check(String policy) throws IOException {
    return check("{}", policy);
  }

  private int check(String configText, String policy) throws IOException {
    Path config = Files.writeString(folder.resolve("portcurfew.yaml"), configText);
    Path file = Files.writeString(folder.resolve("policy.yaml"), policy);
    CommandLine line = Cli.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute("check", "--config", config.toString(), "--policy", file.toString());
  }

  @Test
  void warningIsPrintedAndTheStatusIsZero() throws IOException {
    int status =
        check(
            """
            version: 1
            rules:
              - {name: first, ports: 1-700, expect: closed}
              - {name: second, ports: 611, expect: closed}
            """);
    Path policy = folder.resolve("policy.yaml");
    assertThat(out.toString().lines())
        .containsExactly(
            policy
                + ":4:5: rules[1]: warning: the rule never decides, because earlier rules cover all"
                + " of it: first.",
            "policy " + policy + ": 2 rules, no problem, 1 warning",
            "config: 0 receivers, no problem");
    assertThat(err.toString()).isEmpty();
    assertThat(status).isZero();
  }

  @Test
  @LiveHost
  @EnabledOnOs(OS.LINUX)
  void linkIsPrintedWithTheFileBehindIt() throws IOException {
    Requirement.root();
    Path place = Files.createTempDirectory(Path.of("/var/lib"), "portcurfew-check-");
    Path link = Files.createSymbolicLink(place.resolve("link"), Path.of("/usr/bin/env"));
    try {
      String rule =
          """
          version: 1
          rules:
            - {name: a, ports: 80, expect: allowed, by: [{executable: LINK, user: a}]}
          """;
      assertThat(check(rule.replace("LINK", link.toString()))).isZero();
      assertThat(out.toString())
          .contains(
              "executable "
                  + link
                  + ": a link on this host; accepted is the file behind it, /usr/bin/env");
    } finally {
      Files.delete(link);
      Files.delete(place);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:10611", "[::]:10611", "192.0.2.1:10611"})
  void webAddressOfOtherHosts_isAWarning(String listen) throws IOException {
    String config = "web: {listen: \"" + listen + "\"}";
    assertThat(check(config, "version: 1\nrules: []\n")).isZero();
    assertThat(out.toString().lines().anyMatch(l -> l.startsWith("config: warning: web.listen")))
        .isTrue();
    assertThat(out.toString()).endsWith("config: 0 receivers, no problem, 1 warning\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:10611", "[::1]:10611"})
  void webAddressOfThisHost_isNoWarning(String listen) throws IOException {
    assertThat(check("web: {listen: \"" + listen + "\"}", "version: 1\nrules: []\n")).isZero();
    assertThat(out.toString()).doesNotContain("warning");
  }

  @Test
  void problemOfAnIncludedFileNamesThatFile() throws IOException {
    Files.writeString(folder.resolve("base.yaml"), "version: 2\nrules: []\n");
    int status = check("version: 1\ninclude: [base.yaml]\nrules: []\n");
    assertThat(err.toString())
        .isEqualTo(
            folder.resolve("base.yaml")
                + ":1:10: version: unsupported policy version. Found: 2. Expected: 1.\n");
    assertThat(status).isEqualTo(78);
  }
}
