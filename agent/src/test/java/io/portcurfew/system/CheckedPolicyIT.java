package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The warnings of the finished distribution about a policy on a real host. */
class CheckedPolicyIT {

  @TempDir private Path folder;
  private IsolatedMachine here;

  @BeforeEach
  void start() throws Exception {
    Requirement.program("python3");
    here = IsolatedMachine.start();
  }

  @AfterEach
  void end() {
    if (here != null) {
      here.close();
    }
  }

  private Path policy(String rules) throws Exception {
    return Files.writeString(
        folder.resolve("policy.yaml"), "version: 1\ndefault: deny\nrules:\n" + rules);
  }

  /** No systemd runs in this machine, and its database of packages is hidden. */
  @Test
  void ruleThatCanNeverHoldIsAWarning() throws Exception {
    here.run("mount", "-t", "tmpfs", "none", "/var/lib/dpkg");
    Path policy =
        policy(
            """
              - {name: not-host, ports: 1, expect: closed, namespace: "!host"}
              - {name: every, ports: 2, expect: closed, namespace: "*"}
              - {name: dns, ports: 53, expect: required}
              - {name: unit, ports: 80, expect: allowed, by: [{unit: web.service, user: web}]}
              - {name: package, ports: 81, expect: allowed, by: [{package: nginx, user: web}]}
              - {name: clients, ports: 1024-65535, protocol: udp, expect: allowed, by: [{user: dns}]}
            """);
    Ended check = here.run(PORTCURFEW, "check", "--policy", policy.toString());
    assertThat(check.status()).as(check.err()).isZero();
    assertThat(check.out())
        .contains(
            policy + ":4:",
            "rules[0].namespace: warning: no network namespace has the name !host",
            policy + ":5:",
            "rules[1].namespace: warning: no network namespace has the name *",
            "rules[2].expect: warning: the rule has no protocol",
            "rules[3].by",
            "can never be proven here: systemd does not run on this host",
            "rules[4].by",
            "can never be proven here: this host has no database of dpkg",
            "rules[5].ports: warning: the range covers most of the client ports",
            "6 rules, no problem, 6 warnings");
  }

  @Test
  void linkOfTheInterpreterFitsItsProcess() throws Exception {
    Path link = Path.of("/usr/bin/python3");
    Requirement.that(Files.isSymbolicLink(link), "a link /usr/bin/python3");
    Path policy =
        policy(
            "  - {name: web, ports: 8080, protocol: tcp, expect: allowed,"
                + " by: [{executable: /usr/bin/python3, user: root}]}\n");
    String listen = "s = bound(TCP, V4, '127.0.0.1', 8080); s.listen(1)";
    try (Python server = here.hold(List.of(), holding(listen))) {
      assertThat(server.pid()).isPositive();
      Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy.toString());
      assertThat(scan.out()).startsWith("COMPLIANT: ").contains(link.toRealPath().toString());
      assertThat(scan.status()).isZero();
    }
    Ended check = here.run(PORTCURFEW, "check", "--policy", policy.toString());
    assertThat(check.out())
        .contains(
            "executable /usr/bin/python3: a link on this host; accepted is the file behind it, ")
        .contains(link.toRealPath().toString());
  }

  @Test
  void tableShowsIfIpv6TakesIpv4() throws Exception {
    Path policy = policy("  - {name: web, ports: [8080, 8081], protocol: tcp, expect: allowed}\n");
    String both = "a = bound(TCP, V6, '::', 8080); a.listen(1)";
    String one =
        "b = socket.socket(V6, TCP); b.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1);"
            + " b.bind(('::', 8081)); b.listen(1)";
    try (Python server = here.hold(List.of(), holding(both, one))) {
      assertThat(server.pid()).isPositive();
      Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy.toString());
      assertThat(scan.out())
          .containsPattern("(?m)^tcp +:: and IPv4 +8080 +allowed ")
          .containsPattern("(?m)^tcp +:: IPv6 only +8081 +allowed ");
    }
  }
}
