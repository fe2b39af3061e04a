package io.portcurfew.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.signature.SshKeygen;
import io.portcurfew.cli.CommandLines;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for bundles, with signatures of the real ssh-keygen. */
class BundleCommandsTest {

  private static final String POLICY =
      """
      version: 1
      default: allow
      include: [parts/ssh.yaml]
      rules:
        - {name: npmp-gui, ports: 611, protocol: tcp, expect: closed}
      """;
  private static final String SSH =
      """
      version: 1
      rules:
        - {name: ssh, ports: 22, protocol: tcp, expect: allowed}
      """;
  private static final String TESTS =
      """
      policy: ../policy.yaml
      tests:
        - name: 611 is a finding
          listeners: [tcp 0.0.0.0:611]
          expect: {compliant: false}
        - name: a captured ssh is fine
          capture: {file: host.ss, as: ss}
          complete: true
          expect: {compliant: true}
      """;

  @TempDir Path folder;
  private Path bundle;
  private Path signers;
  private SshKeygen keygen;

  @BeforeEach
  void writeFiles() throws Exception {
    keygen = new SshKeygen(folder);
    bundle = folder.resolve("policy-bundle.tar.gz");
    write("policy.yaml", POLICY);
    write("parts/ssh.yaml", SSH);
    write("tests/policy-test.yaml", TESTS);
    write(
        "tests/host.ss",
        """
        Netid State  Recv-Q Send-Q Local Address:Port Peer Address:Port Process
        tcp   LISTEN 0      128          0.0.0.0:22        0.0.0.0:*
        """);
    Path key = keygen.key("key");
    signers = write("allowed_signers", SshKeygen.line("ops@example.org", "", key));
  }

  @Test
  void signedBundle_isVerified() throws Exception {
    CommandLines.Ended built = build("--applies-to", "web-*,role=db*", "--expires", "2126-12-31");
    assertThat(built.text())
        .isEqualTo(
            """
            %1$s: revision 42, 4 files, 2 rules
            sign it: ssh-keygen -Y sign -n policy@portcurfew -f KEY %1$s
            """
                .formatted(bundle));
    keygen.sign(folder.resolve("key"), bundle, "policy@portcurfew");
    CommandLines.Ended verified = verify();
    assertThat(verified.status()).as(verified.text()).isZero();
    assertThat(verified.text().lines().filter(line -> !line.startsWith("sha256 ")))
        .satisfiesExactly(
            first ->
                assertThat(first).startsWith("revision 42, signed by ops@example.org (SHA256:"),
            valid -> assertThat(valid).isEqualTo("valid: now, until 2126-12-31T00:00:00Z"),
            hosts -> assertThat(hosts).isEqualTo("applies to: web-*, role=db*"),
            policy -> assertThat(policy).isEqualTo("policy: policy.yaml, 2 rules"),
            tests -> assertThat(tests).isEqualTo("policy tests: tests/policy-test.yaml, all pass"));
    assertThat(verify("-o", "json").text()).contains("\"principal\": \"ops@example.org\"");
    assertThat(CommandLines.run("bundle", "show", bundle.toString()).text())
        .startsWith("revision 42, signature not checked\n");
  }

  @Test
  void unsignedOrChangedBundle_isRefused() throws Exception {
    build();
    refused("refused: the bundle has no signature: its file .sig is missing\n");
    keygen.sign(folder.resolve("key"), bundle, "policy@portcurfew");
    build("--applies-to", "web-*");
    refused("refused: the signature does not fit the file\n");
    keygen.sign(folder.resolve("key"), bundle, "file");
    refused("refused: the signature is for the namespace file; expected: policy@portcurfew\n");
  }

  @Test
  void expiredBundle_isRefused() throws Exception {
    build("--expires", "2020-01-01");
    keygen.sign(folder.resolve("key"), bundle, "policy@portcurfew");
    refused("refused: revision 42 expired at 2020-01-01T00:00:00Z\n");
  }

  @Test
  void bundleOfLaterTime_isRefused() throws Exception {
    build("--not-before", "2126-12-31T06:00:00Z");
    keygen.sign(folder.resolve("key"), bundle, "policy@portcurfew");
    refused("refused: revision 42 is not valid before 2126-12-31T06:00:00Z\n");
  }

  @Test
  void revokedKey_isRefused() throws Exception {
    build();
    keygen.sign(folder.resolve("key"), bundle, "policy@portcurfew");
    CommandLines.Ended ended = verify("--revoked-keys", folder.resolve("key.pub").toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.text()).startsWith("refused: the key SHA256:").endsWith(" is revoked\n");
  }

  @Test
  void wrongListOfSigners_isConfigError() throws Exception {
    build();
    Files.writeString(signers, "ops ssh-ed25519 zero\n");
    CommandLines.Ended ended = verify();
    assertThat(ended.status()).isEqualTo(78);
    assertThat(ended.text()).startsWith("portcurfew: " + signers + ":1: the key");
  }

  @Test
  void policyWithProblem_isNotBuilt() throws Exception {
    write("parts/ssh.yaml", SSH.replace("expect: allowed", "expect: open"));
    CommandLines.Ended ended = build();
    assertThat(ended.status()).isEqualTo(78);
    assertThat(ended.text()).contains("parts/ssh.yaml:3:", "rules[0].expect");
    assertThat(bundle).doesNotExist();
  }

  @Test
  void failingPolicyTest_isNotBuilt() throws Exception {
    write("tests/policy-test.yaml", TESTS.replace("compliant: false", "compliant: true"));
    CommandLines.Ended ended = build();
    assertThat(ended.status()).isEqualTo(78);
    assertThat(ended.text())
        .isEqualTo(
            "portcurfew: a policy test of the bundle fails:"
                + " policy-bundle-42/tests/policy-test.yaml:3: 611 is a finding (1 of its tests"
                + " fail)\n");
  }

  @Test
  void testOutsideTheFolder_isNotBuilt() throws Exception {
    Path outside = folder.resolve("below/policy.yaml");
    write("below/policy.yaml", SSH);
    CommandLines.Ended ended =
        CommandLines.run(
            "bundle",
            "build",
            "--policy",
            outside.toString(),
            "--test",
            folder.resolve("tests/policy-test.yaml").toString(),
            "--revision",
            "1",
            "--out",
            bundle.toString());
    assertThat(ended.status()).isEqualTo(78);
    assertThat(ended.text()).contains("the file is not in or below the folder of the policy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", " ", ",web-*", "web-*,,db"})
  void emptyPatternOfHosts_isRefused(String patterns) throws Exception {
    CommandLines.Ended ended = build("--applies-to", patterns);
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.text())
        .startsWith("portcurfew: --applies-to has an empty pattern; leave it out for all hosts.");
    assertThat(bundle).doesNotExist();
  }

  @Test
  void fractionOfARevision_isRefused() throws Exception {
    CommandLines.Ended ended = build("--revision", "1.5");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.text()).contains("'1.5' is not a number. See: portcurfew bundle build");
  }

  @Test
  void sameInput_givesSameArchive() throws Exception {
    build();
    byte[] first = Files.readAllBytes(bundle);
    build();
    assertThat(Files.readAllBytes(bundle)).isEqualTo(first);
  }

  private Path write(String name, String text) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private CommandLines.Ended build(String... more) {
    String[] arguments = {
      "bundle",
      "build",
      "--policy",
      folder.resolve("policy.yaml").toString(),
      "--test",
      folder.resolve("tests/policy-test.yaml").toString(),
      "--revision",
      "42",
      "--out",
      bundle.toString()
    };
    return CommandLines.run(with(arguments, more));
  }

  private CommandLines.Ended verify(String... more) {
    String[] arguments = {
      "bundle", "verify", "--allowed-signers", signers.toString(), bundle.toString()
    };
    return CommandLines.run(with(arguments, more));
  }

  private void refused(String message) {
    CommandLines.Ended ended = verify();
    assertThat(ended.text()).isEqualTo(message);
    assertThat(ended.status()).isEqualTo(1);
  }

  private static String[] with(String[] first, String... more) {
    String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
