package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.json.JsonText;
import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Owners that cannot be judged, each for another cause, which the findings name as a value. {@code
 * ManyProcessesLoadTest} has an owner that is still sought.
 */
class OwnerCauseIT {

  @TempDir private Path folder;

  @BeforeEach
  void needsPython() {
    Requirement.program("python3");
  }

  private Path policy() throws Exception {
    return Files.writeString(
        folder.resolve("policy.yaml"),
        """
        version: 1
        rules:
          - {name: gone, ports: 7001, expect: allowed, by: [{executable: FOLDER/gone}]}
          - {name: mounted, ports: 7002, expect: allowed, by: [{executable: FOLDER/own/mounted}]}
          - {name: kernel, ports: 4789, expect: allowed, by: [{executable: /usr/sbin/vxland}]}
          - {name: known, ports: 7003, expect: allowed, by: [{executable: PYTHON}]}
        """
            .replace("FOLDER", folder.toRealPath().toString())
            .replace("PYTHON", Path.of("/usr/bin/python3").toRealPath().toString()));
  }

  /** A server that runs a copy of Python at this path. */
  private static String copied(String before, Path path, int port, String after) {
    String server =
        holding("import os", after, "s = bound(TCP, V4, '127.0.0.1', " + port + "); s.listen(1)");
    return String.join(
        "\n",
        "import ctypes, os, shutil, subprocess",
        before,
        "shutil.copy(os.path.realpath('/usr/bin/python3'), '" + path + "')",
        "os.execv('" + path + "', ['" + path + "', '-c', r\"\"\"" + server + "\"\"\"])");
  }

  private String gone() {
    Path path = folder.resolve("gone");
    return copied("", path, 7001, "os.remove('" + path + "')");
  }

  /** A folder of its own, in which the path of the host is another file. */
  private String mounted() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.copy(Path.of("/usr/bin/python3").toRealPath(), own.resolve("mounted"));
    String mount =
        "ctypes.CDLL(None).unshare(0x20000)\n"
            + "subprocess.run(['mount', '--make-rprivate', '/'], check=True)\n"
            + "subprocess.run(['mount', '-t', 'tmpfs', 'none', '"
            + own
            + "'], check=True)";
    return copied(mount, own.resolve("mounted"), 7002, "");
  }

  @Test
  void everyUnknownOwnerNamesItsCause() throws Exception {
    String known = holding("s = bound(TCP, V4, '127.0.0.1', 7003); s.listen(1)");
    PublicDistribution copy = PublicDistribution.into(folder);
    String policy = policy().toString();
    try (IsolatedMachine here = IsolatedMachine.start();
        Python gone = here.hold(List.of(), gone());
        Python mounted = here.hold(List.of(), mounted());
        Python held = here.hold(List.of(), known)) {
      assertThat(List.of(gone.pid(), mounted.pid(), held.pid())).doesNotHaveDuplicates();
      String vxlan = "ip link add v0 type vxlan id 1 dstport 4789 dev lo && ip link set v0 up";
      Requirement.that(here.run("sh", "-c", vxlan).status() == 0, "vxlan in the kernel");

      Ended scan = here.run(PORTCURFEW, "scan", "--policy", policy, "--output", "json");
      assertThat(causes(scan))
          .containsEntry("gone", "owner-unknown gone")
          .containsEntry("mounted", "owner-unknown other-mount-namespace")
          .containsEntry("kernel", "wrong-owner null")
          .doesNotContainKey("known");
      assertThat(scan.out()).contains("held by kernel: vxlan");

      Ended asNobody =
          copy.run(
              here.prefix(),
              PublicDistribution.AS_NOBODY,
              "scan",
              "--policy",
              policy,
              "--output",
              "json");
      assertThat(causes(asNobody))
          .containsEntry("gone", "owner-unknown no-right")
          .containsEntry("mounted", "owner-unknown no-right")
          .containsEntry("known", "owner-unknown no-right");
    }
  }

  /** Returns kind and cause of the finding of each rule. */
  private static Map<String, String> causes(Ended scan) {
    Map<String, String> causes = new TreeMap<>();
    Map<?, ?> verdict = (Map<?, ?>) JsonText.values(scan.out()).get(0);
    for (Object one : (List<?>) verdict.get("findings")) {
      Map<?, ?> finding = (Map<?, ?>) one;
      causes.put(
          String.valueOf(finding.get("rule")), finding.get("kind") + " " + finding.get("cause"));
    }
    return causes;
  }
}
