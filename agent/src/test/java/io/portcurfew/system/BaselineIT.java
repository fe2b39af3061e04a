package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static io.portcurfew.system.Program.holding;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import io.portcurfew.system.Program.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished distribution learns a baseline, and reports what differs from it later. */
class BaselineIT {

  private static final String BOTH_FAMILIES =
      "a = bound(TCP, V4, '0.0.0.0', 8080); a.listen(1);"
          + " b = socket.socket(V6, TCP); b.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1);"
          + " b.bind(('::', 8080)); b.listen(1)";
  private static final String DATABASE = "s = bound(TCP, V4, '127.0.0.1', 5432); s.listen(1)";
  private static final String OBSOLETE = "s = bound(TCP, V4, '0.0.0.0', 611); s.listen(1)";
  private static final String CLIENT = "c = bound(UDP, V4, '0.0.0.0', 0)";

  @TempDir private Path folder;
  private IsolatedMachine here;
  private Path policy;
  private Path baseline;

  @BeforeEach
  void start() throws IOException {
    Requirement.program("python3");
    here = IsolatedMachine.start();
    baseline = folder.resolve("baseline.yaml");
    policy =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            version: 1
            default: deny
            include: [baseline.yaml]
            rules: [{name: npmp-gui, ports: 611, expect: closed, severity: critical}]
            """);
  }

  @AfterEach
  void end() {
    if (here != null) {
      here.close();
    }
  }

  private Python hold(String... open) throws IOException {
    return here.hold(List.of(), holding(open));
  }

  private Ended run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PORTCURFEW));
    command.addAll(List.of(arguments));
    return here.run(command.toArray(String[]::new));
  }

  private Ended learn(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("baseline", "learn", "--out", baseline.toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private Ended diff(String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("baseline", "diff", "--policy", policy.toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  @Test
  void unchangedHostScansCleanAfterLearning() throws Exception {
    try (Python servers = hold(BOTH_FAMILIES, DATABASE, CLIENT)) {
      assertThat(servers.pid()).isPositive();
      Ended learned = learn();
      assertThat(learned.status()).as(learned.err()).isEqualTo(0);
      assertThat(learned.err()).startsWith("rules: 2 (2 new)").contains("UDP clients left out: 1");
      assertThat(Files.getPosixFilePermissions(baseline))
          .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
      Ended check = run("check", "--policy", policy.toString());
      assertThat(check.out()).contains(": 3 rules, no problem\n");
      Ended scan = run("scan", "--policy", policy.toString());
      assertThat(scan.out()).startsWith("COMPLIANT: ");
      assertThat(scan.status()).isEqualTo(0);
      Ended none = diff();
      assertThat(none.out()).isEmpty();
      assertThat(none.err()).isEmpty();
      assertThat(none.status()).isEqualTo(0);
      String before = Files.readString(baseline);
      assertThat(learn("--policy", policy.toString()).status()).isEqualTo(0);
      assertThat(Files.readString(baseline)).isEqualTo(before);
      assertThat(run("baseline", "learn", "--policy", policy.toString()).out()).isEqualTo(before);
    }
  }

  @Test
  void diffPrintsOpenedMissingAndChangedListeners(@TempDir Path other) throws Exception {
    try (Python web = hold(BOTH_FAMILIES)) {
      assertThat(web.pid()).isPositive();
      try (Python database = hold(DATABASE)) {
        assertThat(database.pid()).isPositive();
        assertThat(learn().status()).isEqualTo(0);
      }
      Ended missing = diff();
      assertThat(missing.out())
          .matches("- tcp port 5432 \\[python\\S*-5432]: was /\\S+ as root on loopback\n");
      assertThat(missing.status()).isEqualTo(1);
      Path copy = other.resolve("database");
      Files.copy(Path.of("/usr/bin/python3").toRealPath(), copy);
      Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxr-xr-x"));
      assertChanged(
          PublicDistribution.AS_NOBODY, DATABASE, "owner /\\S+ as root -> /\\S+ as nobody");
      assertChanged(
          List.of(),
          "s = bound(TCP, V4, '0.0.0.0', 5432); s.listen(1)",
          "address loopback -> 0\\.0\\.0\\.0");
      assertChanged(
          List.of(),
          "import os, sys\n"
              + "if sys.executable != '"
              + copy
              + "':\n"
              + "    os.execv('"
              + copy
              + "', ['"
              + copy
              + "', '-c', open('/proc/self/cmdline').read().split(chr(0))[2]])\n"
              + DATABASE,
          "owner /\\S+ as root -> " + copy + " as root");
    }
  }

  @Test
  void diffAgainstAnotherHostPrintsWhatDiffers() throws Exception {
    Path other = folder.resolve("web-1.json");
    try (Python web = hold(BOTH_FAMILIES)) {
      assertThat(web.pid()).isPositive();
      try (Python database = hold(DATABASE)) {
        assertThat(database.pid()).isPositive();
        Files.writeString(other, run("scan", "--output", "json").out());
        Ended same = against(other);
        assertThat(same.out()).isEmpty();
        assertThat(same.status()).isZero();
      }
      try (Python obsolete = hold(OBSOLETE)) {
        assertThat(obsolete.pid()).isPositive();
        Ended differs = against(other);
        assertThat(differs.out().lines().sorted())
            .satisfiesExactly(
                opened -> assertThat(opened).matches("\\+ tcp 0\\.0\\.0\\.0:611\\b.*"),
                missing -> assertThat(missing).matches("- tcp port 5432 .*"));
        assertThat(differs.status()).isEqualTo(1);
        Ended json = against(other, "--output", "json");
        assertThat(json.out()).contains("\"change\": \"opened\"", "\"change\": \"missing\"");
      }
    }
    Ended wrong = against(policy);
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains(policy.toString());
  }

  private Ended against(Path other, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("baseline", "diff", "--against", other.toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private void assertChanged(List<String> as, String open, String how) throws Exception {
    try (Python database = here.hold(as, holding(open))) {
      assertThat(database.pid()).isPositive();
      Ended changed = diff();
      assertThat(changed.out()).matches("~ tcp \\d[0-9.]+:5432 \\[python\\S*-5432]: " + how + "\n");
      assertThat(changed.status()).isEqualTo(1);
    }
  }

  @Test
  void newListenerIsLearnedOnlyWithUnlisted() throws Exception {
    assertThat(learn().status()).isEqualTo(0);
    try (Python database = hold(DATABASE)) {
      assertThat(database.pid()).isPositive();
      assertThat(diff().out()).matches("\\+ tcp 127\\.0\\.0\\.1:5432: /\\S+ as root\n");
      Ended json = diff("--output", "json");
      assertThat(json.out())
          .startsWith("{\n  \"schema\": 1,")
          .contains("\"change\": \"opened\"")
          .contains("\"gaps\": [");
      assertThat(json.status()).isEqualTo(1);
      assertThat(learn("--policy", policy.toString()).status()).isEqualTo(0);
      assertThat(Files.readString(baseline))
          .contains("# not approved: tcp 127.0.0.1:5432 held by ")
          .contains("rules: []");
      assertThat(learn("--policy", policy.toString(), "--unlisted").status()).isEqualTo(0);
      assertThat(diff().status()).isEqualTo(0);
    }
  }

  @Test
  void port611IsNeverApproved() throws Exception {
    try (Python obsolete = hold(OBSOLETE)) {
      assertThat(obsolete.pid()).isPositive();
      assertThat(learn("--unlisted").status()).isEqualTo(0);
      assertThat(Files.readString(baseline))
          .contains("# not approved: tcp 0.0.0.0:611 held by /")
          .contains(": finding open of the rule npmp-gui\n")
          .contains("rules: []");
      assertThat(diff().out()).startsWith("+ tcp 0.0.0.0:611 [npmp-gui]: ");
      assertThat(run("scan", "--policy", policy.toString()).status()).isEqualTo(1);
    }
  }

  @Test
  void incompleteScanIsLearnedOnlyWithGaps(@TempDir Path temp) throws Exception {
    try (Python database = hold(DATABASE)) {
      assertThat(database.pid()).isPositive();
      PublicDistribution copy = PublicDistribution.into(temp);
      Ended refused = copy.run(here.prefix(), PublicDistribution.AS_NOBODY, "baseline", "learn");
      assertThat(refused.status()).isEqualTo(3);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err()).contains("not seen: ").contains("nothing was learned");
      Ended learned =
          copy.run(here.prefix(), PublicDistribution.AS_NOBODY, "baseline", "learn", "--with-gaps");
      assertThat(learned.status()).isEqualTo(0);
      assertThat(learned.out())
          .contains("# not seen: tcp 127.0.0.1:5432: its owner was not seen\n")
          .contains("its owner was not seen, so any owner is allowed");
    }
  }

  @Test
  void otherFileIsOverwrittenOnlyWithForce() throws Exception {
    Files.writeString(baseline, "version: 1\nrules: []\n");
    Ended refused = learn();
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("is not a generated baseline; use --force to overwrite it");
    assertThat(Files.readString(baseline)).isEqualTo("version: 1\nrules: []\n");
    assertThat(learn("--force").status()).isEqualTo(0);
    assertThat(Files.readString(baseline)).startsWith("# Baseline learned by portcurfew.\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(baseline, policy);
    }
  }

  @Test
  void invalidBaselineIsReportedAndUnchanged() throws Exception {
    String mistaken = "# Baseline learned by portcurfew.\nversion: 1\nrule: []\n";
    Files.writeString(baseline, mistaken);
    Ended refused = learn();
    assertThat(refused.status()).isEqualTo(78);
    assertThat(refused.err()).contains(baseline + ":3:1: rule: unknown key");
    assertThat(Files.readString(baseline)).isEqualTo(mistaken);
  }
}
