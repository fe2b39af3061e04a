package io.portcurfew.config.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.Examples;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policytest.PolicyTest;
import io.portcurfew.policytest.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFilesTest {

  private static final String GOOD = "src/test/resources/io/portcurfew/config/good/test/";

  @TempDir Path folder;

  private static TestFile good(ReadResult<TestFile> read) {
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<TestFile>) read).value();
  }

  private static List<PolicyTest> allKeys() {
    byte[] text = Examples.bytes(Path.of(GOOD + "all-keys.yaml"));
    return good(Examples.test("all-keys.yaml", text)).tests();
  }

  @Test
  void everyTestOfTheGoodFilePasses() {
    byte[] text = Examples.bytes(Path.of(GOOD + "all-keys.yaml"));
    assertThat(good(Examples.test("all-keys.yaml", text)).run().failed()).isEmpty();
  }

  @Test
  void sameEndpointTwice_isOneListenerWithTwoOwners() {
    Listener listener = allKeys().get(0).snapshot().listeners().get(0);
    assertThat(listener.owners())
        .extracting(Owner::toString)
        .containsExactly("pid 1 /usr/bin/nc as root", "pid 2 /opt/My App/bin/server as app-1");
    assertThat(listener.owners())
        .extracting(o -> o.details().deleted())
        .containsExactly(false, true);
  }

  @Test
  void ownerHasTheGivenFacts() {
    List<Listener> listeners = allKeys().get(0).snapshot().listeners();
    assertThat(listeners)
        .extracting(listener -> listener.endpoint().toString())
        .containsExactly(
            "tcp 0.0.0.0:1",
            "tcp [fe80::1%eth0]:22",
            "tcp 127.0.0.53%lo:53",
            "udp [::1]:53 in web",
            "tcp 0.0.0.0:443");
    assertThat(listeners.get(1).owners()).isEmpty();
    OwnerDetails resolver = listeners.get(2).owners().get(0).details();
    assertThat(resolver.container()).hasToString("4c01db0b339c");
    assertThat(resolver.packageName()).hasToString("openssl@3");
    assertThat(resolver.unit()).isNull();
    assertThat(listeners.get(3).owners().get(0).details().unit()).hasToString("named.service");
    assertThat(listeners.get(4).owners().get(0).details().sha256().toString()).startsWith("e3b0c4");
  }

  @Test
  void withoutADay_testIsJudgedBeforeAnyExpiry() {
    assertThat(allKeys())
        .extracting(test -> test.snapshot().takenAt().toString())
        .startsWith("2000-01-01T12:00:00Z", "2026-11-23T12:00:00Z");
  }

  @Test
  void completeKeyOverridesTheCapture() throws IOException {
    write("policy.yaml", "version: 1\nrules: []\n");
    write("a.lsof", "COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\nno row\n");
    String capture = "{capture: {file: a.lsof, as: lsof}, expect: {compliant: true}, ";
    Path file =
        write(
            "a.test.yaml",
            "policy: policy.yaml\ntests:\n  - "
                + capture
                + "name: a}\n  - "
                + capture
                + "name: b, complete: true}\n");
    assertThat(good(TestFiles.read(file)).tests())
        .extracting(test -> test.snapshot().complete())
        .containsExactly(false, true);
  }

  @Test
  void testedPolicyMayBelongToAnyUser() throws IOException {
    Path policy = write("policy.yaml", "version: 1\ninclude: [more.yaml]\nrules: []\n");
    Path more = write("more.yaml", "version: 1\nrules: []\n");
    Path file =
        write(
            "a.test.yaml",
            """
            policy: policy.yaml
            tests: [{name: a, listeners: [], expect: {compliant: true}}]
            """);
    for (Path one : List.of(policy, more, file)) {
      Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
    assertThat(good(TestFiles.read(file)).name()).isEqualTo(file.toString());
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
