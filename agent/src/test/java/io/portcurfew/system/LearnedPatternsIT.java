package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learning real programs: versions in paths, many ports, listeners that came and went. */
class LearnedPatternsIT {

  private static final String POLICY =
      "version: 1\ndefault: deny\ninclude: [baseline.yaml]\nrules: []\n";
  private static final String OPEN = "s = bound(TCP, V4, '127.0.0.1', 5432); s.listen(1)";

  @TempDir private Path folder;
  private IsolatedMachine here;
  private Path config;

  @BeforeEach
  void start() throws Exception {
    Requirement.program("python3");
    here = IsolatedMachine.start();
    Files.writeString(folder.resolve("policy.yaml"), "version: 1\nrules: []\n");
    config =
        Files.writeString(
            folder.resolve("portcurfew.yaml"),
            """
            policy: policy.yaml
            scan: {every: 1s}
            state: %s/state
            web: {listen: "127.0.0.1:0"}
            """
                .formatted(folder));
  }

  @AfterEach
  void end() {
    if (here != null) {
      here.close();
    }
  }

  private Ended run(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 3];
    command[0] = PORTCURFEW;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    command[arguments.length + 1] = "--config";
    command[arguments.length + 2] = config.toString();
    return here.run(command);
  }

  private String learned(String... options) throws Exception {
    Path baseline = folder.resolve("baseline.yaml");
    String[] all = new String[options.length + 4];
    System.arraycopy(options, 0, all, 4, options.length);
    all[0] = "baseline";
    all[1] = "learn";
    all[2] = "--out";
    all[3] = baseline.toString();
    Ended ended = run(all);
    assertThat(ended.status()).as(ended.err()).isZero();
    return Files.readString(baseline);
  }

  /** Installs a copy of Python as this program, on a file system of the machine. */
  private void install(String path) throws Exception {
    String install =
        "mountpoint -q /opt || mount -t tmpfs none /opt; install -D -m 755 "
            + Path.of("/usr/bin/python3").toRealPath()
            + " "
            + path;
    Ended ended = here.run("sh", "-c", install);
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  private Python program(String path) throws IOException {
    String become =
        """
        import os, sys
        if sys.executable != 'PATH':
            os.execv('PATH', ['PATH', '-c', open('/proc/self/cmdline').read().split(chr(0))[2]])
        """
            .replace("PATH", path);
    return here.hold(List.of(), become + holding(OPEN));
  }

  @Test
  void theNextVersionOfAProgramIsAllowed() throws Exception {
    install("/opt/database/15/bin/server");
    try (Python old = program("/opt/database/15/bin/server")) {
      assertThat(old.pid()).isPositive();
      assertThat(learned())
          .contains(
              "executable: /opt/database/*/bin/server", "* in its path stands for any version");
    }
    Files.writeString(folder.resolve("policy.yaml"), POLICY);
    install("/opt/database/16.1/bin/server");
    try (Python next = program("/opt/database/16.1/bin/server")) {
      assertThat(next.pid()).isPositive();
      Ended scan = run("scan");
      assertThat(scan.out()).startsWith("COMPLIANT: ").contains("/opt/database/16.1/bin/server");
      assertThat(scan.status()).isZero();
    }
    install("/opt/other/16/bin/server");
    try (Python other = program("/opt/other/16/bin/server")) {
      assertThat(other.pid()).isPositive();
      assertThat(run("scan").out()).contains("wrong-owner").contains("/opt/other/16/bin/server");
    }
  }

  @Test
  void manyPortsOfOneProcessAreOneRule() throws Exception {
    String many =
        """
        held = []
        for port in [*range(20000, 20150), *range(20160, 20210)]:
            s = bound(TCP, V4, '0.0.0.0', port); s.listen(1); held.append(s)
        """;
    try (Python server = here.hold(List.of(), holding(many))) {
      assertThat(server.pid()).isPositive();
      String rules = learned();
      assertThat(rules).contains("ports: [20000-20149, 20160-20209]");
      assertThat(rules.split("- name: ", -1)).hasSize(2);
      Files.writeString(folder.resolve("policy.yaml"), POLICY);
      assertThat(run("scan").out()).startsWith("COMPLIANT: ").contains(" 200 listeners, ");
    }
  }

  @Test
  void listenersOfTheHistoryAreLearnedWithTheirFrequency() throws Exception {
    try (Daemon daemon = Daemon.start(here.prefix(), config, folder.resolve("log"))) {
      for (int time = 1; time <= 2; time++) {
        try (Python job = here.hold(List.of(), holding(OPEN))) {
          assertThat(job.pid()).isPositive();
          int opened = time;
          Daemon.until("5432 was seen", () -> history("  seen  ") == opened);
        }
        int closed = time;
        Daemon.until("5432 was closed", () -> history("  last seen ") == closed);
      }
      assertThat(daemon.pid()).isPositive();
      assertThat(learned("--with-gaps")).doesNotContain("ports: 5432");
      assertThat(learned("--for", "7d", "--with-gaps"))
          .contains("ports: 5432", "REVIEW: opened 2 times, on ")
          .contains("the history begins at ");
    }
  }

  private long history(String event) throws Exception {
    return run("history")
        .out()
        .lines()
        .filter(line -> line.contains("tcp 127.0.0.1:5432") && line.contains(event))
        .count();
  }
}
