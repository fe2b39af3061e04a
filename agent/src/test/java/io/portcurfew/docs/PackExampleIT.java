package io.portcurfew.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the policy packs and the shipped folder, used as the documents say. */
class PackExampleIT {

  private static final Path HOME =
      Path.of(System.getProperty("portcurfew.home", "target/portcurfew")).toAbsolutePath();

  @TempDir private Path folder;

  @BeforeEach
  void copyTheShippedFolder() throws Exception {
    Requirement.root();
    Requirement.program("git");
    Requirement.program("python3");
    run("cp -r \"$SHIPPED\"/. . && chmod -R go-w .");
  }

  private String run(String script) throws Exception {
    Map<String, String> environment =
        Map.of(
            "SHIPPED", HOME.resolve("config").toString(),
            "PORTCURFEW", HOME.resolve("bin/portcurfew").toString(),
            "PORTCURFEW_JAVA", System.getProperty("java.home") + "/bin/java",
            "HOME", folder.toString());
    return Shell.run(folder, environment, List.of("sh", "-c", script));
  }

  /** Runs a script beside a listener on this port, on a host of its own. */
  private String beside(int port, String script) throws Exception {
    return run(
        """
        exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -c '
        ip link set lo up; mount -t tmpfs none /run
        python3 -m http.server PORT >/dev/null 2>&1 &
        until ss -Hltn "sport = :PORT" | grep -q .; do sleep 0.1; done
        SCRIPT'
        """
            .replace("PORT ", port + " ")
            .replace(":PORT", ":" + port)
            .replace("SCRIPT", script));
  }

  private void writeTheExample() throws Exception {
    Page page = Page.of(Page.ROOT.resolve("agent/docs/policy.md"));
    for (String name : List.of("site.yaml", "policy.yaml")) {
      List<Page.Block> blocks =
          page.blocks().stream().filter(block -> block.value("file").equals(name)).toList();
      assertThat(blocks).as(name).hasSize(1);
      Files.writeString(folder.resolve(name), blocks.get(0).body());
    }
  }

  @Test
  void exampleOfThePacksClosesPort611() throws Exception {
    writeTheExample();
    String found = beside(611, "$PORTCURFEW scan --policy policy.yaml; echo exit $?");
    assertThat(found)
        .contains("CRITICAL open [npmp-gui] tcp 0.0.0.0:611 is open and should be closed")
        .endsWith("exit 1\n");
  }

  @Test
  void siteIsShippedEmptyAndDecidesFirst() throws Exception {
    assertThat(run("$PORTCURFEW check --policy site.yaml")).contains("0 rules, no problem");
    writeTheExample();
    Files.writeString(
        folder.resolve("site.yaml"),
        "version: 1\nrules: [{name: legacy-tool, ports: 611, protocol: tcp, expect: allowed}]\n");
    assertThat(beside(611, "$PORTCURFEW scan --policy policy.yaml; echo exit $?"))
        .contains("legacy-tool")
        .endsWith("exit 0\n");
  }

  @Test
  void secretsStayOutOfGit() throws Exception {
    String added =
        run(
            "touch hook.token tls.key tls.pem state.db state.db-wal policy.yaml~ && mkdir secrets"
                + " && touch secrets/smtp && git init -q && git add . && git ls-files");
    assertThat(added.lines())
        .contains(".gitignore", "policy.yaml", "site.yaml", "portcurfew.yaml")
        .doesNotContain(
            "hook.token",
            "tls.key",
            "tls.pem",
            "state.db",
            "state.db-wal",
            "policy.yaml~",
            "secrets/smtp");
  }
}
