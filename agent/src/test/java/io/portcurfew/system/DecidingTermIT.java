package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.DelegatedGroup;
import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process in another unit, session or container than its rule allows, and its parent. */
class DecidingTermIT {

  private static final String CONTAINER = "0123456789abcdef".repeat(4);

  @TempDir private Path folder;

  private Path config() throws IOException {
    Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        rules:
          - {name: web, ports: 8080, protocol: tcp, expect: allowed, by: [{unit: web.service}]}
        """);
    return Files.writeString(
        folder.resolve("portcurfew.yaml"),
        """
        policy: policy.yaml
        scan: {every: 1s}
        state: %1$s/state
        web: {listen: "127.0.0.1:0"}
        notify:
          receivers:
            - {name: all, file: {path: %1$s/alerts.json}}
        """
            .formatted(folder));
  }

  @ParameterizedTest
  @CsvSource({
    "pctest-%d.service, 'in unit pctest-%d.service', unit=pctest-%d.service",
    "session-%d.scope, 'in unit session-%d.scope', unit=session-%d.scope",
    "docker-CONTAINER.scope, in container 0123456789abcdef, container=0123456789abcdef0123"
  })
  void theTermIsShownWhereItDecides(String group, String words, String logged) throws Exception {
    Requirement.program("python3");
    long pid = ProcessHandle.current().pid();
    String unit = group.formatted(pid).replace("CONTAINER", CONTAINER);
    String place = words.formatted(pid);
    Path config = config();
    try (DelegatedGroup entered = new DelegatedGroup(unit);
        IsolatedMachine here = IsolatedMachine.start();
        Python server = here.hold(List.of(), server(entered));
        Daemon daemon = Daemon.start(here.prefix(), config, folder.resolve("log"))) {
      assertThat(server.pid()).isPositive();
      Path alerts = folder.resolve("alerts.json");
      Daemon.until(
          "it is an alert", () -> Files.exists(alerts) && Files.readString(alerts).endsWith("\n"));
      assertThat(Files.readString(alerts))
          .contains("should be held by any executable in unit web.service", place)
          .contains("\"process.parent.name\":\"python3\"");
      Daemon.until("it is in the log", () -> daemon.log().contains(logged.formatted(pid)));
      assertThat(daemon.log()).contains(" owner ");
      String name = unit.startsWith("docker") ? "container 0123456789abcdef" : unit;
      Ended scan = here.run(PORTCURFEW, "scan", "--wide", "--config", config.toString());
      assertThat(scan.out())
          .contains("in unit web.service", place, "started by python3")
          .containsPattern("(?m)^tcp +127\\.0\\.0\\.1 .* finding +web +python3.*, " + name);
      Ended explained = here.run(PORTCURFEW, "explain", "8080", "--config", config.toString());
      assertThat(explained.out())
          .containsPattern("(?s)unit web\\.service.*(?:no|unknown)")
          .contains(unit.startsWith("docker") ? "0123456789abcdef" : unit, "started by");
    }
  }

  /** A server that its parent started, both in the group. */
  private static String server(DelegatedGroup group) {
    return holding(
        "import os",
        group.enter("own"),
        "if os.fork() > 0: time.sleep(3600)",
        "s = bound(TCP, V4, '127.0.0.1', 8080); s.listen(1)");
  }
}
