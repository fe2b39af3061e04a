package io.portcurfew.system;

import static io.portcurfew.system.Program.PORTCURFEW;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The finished distribution tests the policies that it brings. */
class PacksIT {

  private static final Path POLICIES = Program.HOME.resolve("config/policies");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"legacy", "exposure", "linux-server", "macos"})
  void everyTestOfAPackPasses(String pack) throws Exception {
    Path report = folder.resolve("report.xml");
    Path tests = POLICIES.resolve(pack + ".test.yaml");
    Ended ended = Program.run(PORTCURFEW, "test", tests.toString(), "--junit", report.toString());
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).matches(".*" + pack + "[.]test[.]yaml: [0-9]+ passed\n");
    assertThat(ended.status()).isZero();
    assertThat(Files.readString(report)).contains("failures=\"0\"");
  }

  @Test
  void failingTestIsOneAndBadFileIs78() throws Exception {
    String test = "policy: policy.yaml\ntests: [{name: a, listeners: [], expect: {%s}}]\n";
    Files.writeString(folder.resolve("policy.yaml"), "version: 1\nrules: []\n");
    Path failing = folder.resolve("failing.test.yaml");
    Files.writeString(failing, test.formatted("compliant: false"));
    Path bad = folder.resolve("bad.test.yaml");
    Files.writeString(bad, test.formatted("compliant: no"));
    assertThat(Program.run(PORTCURFEW, "test", failing.toString()).status()).isEqualTo(1);
    assertThat(Program.run(PORTCURFEW, "test", bad.toString()).status()).isEqualTo(78);
    assertThat(Program.run(PORTCURFEW, "test").status()).isEqualTo(2);
  }
}
