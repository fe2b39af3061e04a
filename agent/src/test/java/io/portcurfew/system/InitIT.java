package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished distribution writes the first files of a host. */
class InitIT {

  private static final String DATABASE = "s = bound(TCP, V4, '127.0.0.1', 5432); s.listen(1)";

  @Test
  void learn_allowsTheListenerAndDeniesTheRest(@TempDir Path folder) throws Exception {
    Requirement.program("python3");
    try (IsolatedMachine here = IsolatedMachine.start()) {
      here.hold(List.of(), holding(DATABASE));
      Ended ended =
          here.run(
              PORTCURFEW,
              "init",
              "--folder",
              folder.toString(),
              "--yes",
              "--default",
              "deny",
              "--learn",
              "--listen",
              "127.0.0.1:0");

      assertThat(ended.status()).as(ended.toString()).isZero();
      assertThat(folder.resolve("policy.yaml"))
          .content()
          .contains("default: deny\ninclude: [baseline.yaml]\n", "npmp-gui");
      assertThat(folder.resolve("baseline.yaml"))
          .content()
          .contains("ports: 5432", "address: loopback");
      assertThat(ended.out()).contains("rules, no problem");

      Path config = folder.resolve("portcurfew.yaml");
      assertThat(here.run(PORTCURFEW, "scan", "--config", config.toString()).status()).isZero();
    }
  }

  /** The answers come from a pipe; script(1) gives the program a terminal. */
  @Test
  void terminal_asksFourQuestions(@TempDir Path folder) throws Exception {
    Requirement.program("script");
    String answers = "gopher://x\nnone\ndeny\nno\n127.0.0.1:0\nyes\n";
    String init = PORTCURFEW + " init --folder " + folder;

    Ended ended =
        Program.run("sh", "-c", "printf '" + answers + "' | script -qec '" + init + "' /dev/null");

    assertThat(ended.status()).as(ended.toString()).isZero();
    assertThat(ended.out())
        .contains("1/4 Webhook", "Expected a URL", "2/4 Ports", "3/4 Learn", "4/4 Address")
        .contains("default: deny", "Write these files? [no]", "rules, no problem");
    assertThat(folder.resolve("policy.yaml")).content().contains("\ndefault: deny\n");
  }
}
