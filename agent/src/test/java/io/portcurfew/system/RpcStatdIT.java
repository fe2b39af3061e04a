package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rpc.statd of nfs-common and its rpcbind: statd gets other ports at each start. */
class RpcStatdIT {

  /** The shipped policy closes some of the ports that bindresvport(3) gives. */
  private static final String ANY = "version: 1\nrules: []\n";

  @TempDir private Path folder;

  @Test
  void statdIsAllowedAtItsNextStart() throws Exception {
    Requirement.program("rpcbind");
    Requirement.program("rpc.statd");
    Path baseline = folder.resolve("baseline.yaml");
    Path policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            "version: 1\ndefault: deny\ninclude: [baseline.yaml]\nrules: []\n");
    try (IsolatedMachine here = IsolatedMachine.start()) {
      shell(here, "mkdir -p /run/rpcbind && rpcbind && rpc.statd --no-notify");
      String before = ports(here);
      String from = Files.writeString(folder.resolve("any.yaml"), ANY).toString();
      Ended learned =
          here.run(PORTCURFEW, "baseline", "learn", "--policy", from, "--out", baseline.toString());
      assertThat(learned.status()).as(learned.err()).isZero();
      assertThat(Files.readString(baseline).split("(?=- name: )", -1))
          .filteredOn(rule -> rule.contains("rpc.statd"))
          .singleElement()
          .asString()
          .contains("owner:", "user: statd", "other ports at each start")
          .doesNotContain("ports:");
      shell(
          here,
          "kill $(cat /run/rpc.statd.pid); while ss -Hltunp | grep -q rpc.statd; do sleep 0.1; done");
      shell(here, "rpc.statd --no-notify");
      assertThat(ports(here)).isNotEqualTo(before);
      Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy.toString());
      assertThat(scan.out()).startsWith("COMPLIANT: ").contains("rpc.statd");
      assertThat(scan.status()).isZero();
    }
  }

  private static String ports(IsolatedMachine here) throws Exception {
    return shell(here, "ss -Hltunp | grep rpc.statd | awk '{print $1, $5}' | sort");
  }

  private static String shell(IsolatedMachine here, String script) throws Exception {
    Ended ended = here.run("sh", "-c", script);
    assertThat(ended.status()).as(script + ": " + ended.err()).isZero();
    return ended.out();
  }
}
