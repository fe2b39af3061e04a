package io.portcurfew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.yaml.ReadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stamps of one reading of the files show every later change. */
class LoadAttemptTest {

  @TempDir private Path temp;
  private Path folder;
  private Path config;
  private Path policy;
  private Path secret;

  @BeforeEach
  void write() throws IOException {
    folder = temp.toRealPath();
    secret = Files.writeString(folder.resolve("secret"), "hush");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    policy = Files.writeString(folder.resolve("policy.yaml"), "version: 1\nrules: []\n");
    config =
        Files.writeString(
            folder.resolve("portcurfew.yaml"),
            """
            policy: policy.yaml
            notify:
              receivers:
                - name: ops
                  webhook: {url: "https://hooks.example.org/", secret_file: %s}
            """
                .formatted(secret));
  }

  private LoadAttempt attempt() {
    return new ConfigFiles(folder.resolve("installed.yaml"), Examples.CRON)
        .attempt(config, null, null);
  }

  private String digest() {
    return ((ReadResult.Good<LoadedConfig>) attempt().read()).value().policyDigest();
  }

  private static boolean isChanged(FileStamps before) {
    return !before.again().equals(before);
  }

  @Test
  void configPolicyAndSecretAreFilesOfTheRead() {
    FileStamps stamps = attempt().stamps();
    assertThat(stamps.byFile()).containsOnlyKeys(config, policy, secret);
    assertThat(isChanged(stamps)).isFalse();
  }

  @Test
  void writtenTouchedAndReplacedFilesAreChanges() throws IOException {
    FileStamps before = attempt().stamps();
    Files.writeString(policy, "version: 1\nrules: [ ]\n");
    assertThat(isChanged(before)).isTrue();
    before = attempt().stamps();
    Files.setLastModifiedTime(secret, FileTime.fromMillis(1));
    assertThat(isChanged(before)).isTrue();
    before = attempt().stamps();
    Path other = Files.copy(config, folder.resolve("other"));
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(config));
    Files.move(other, config, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(isChanged(before)).isTrue();
  }

  @Test
  void aSwitchedLinkIsAChange() throws IOException {
    Files.move(policy, folder.resolve("one.yaml"));
    Files.createSymbolicLink(policy, Path.of("one.yaml"));
    Files.copy(folder.resolve("one.yaml"), folder.resolve("two.yaml"));
    FileStamps before = attempt().stamps();
    Files.delete(policy);
    Files.createSymbolicLink(policy, Path.of("two.yaml"));
    assertThat(isChanged(before)).isTrue();
  }

  @Test
  void correctedPermissionsAreAChange() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xrwx"));
    LoadAttempt bad = attempt();
    assertThat(bad.read()).isInstanceOf(ReadResult.Bad.class);
    Files.writeString(folder.resolve("other"), "x");
    assertThat(isChanged(bad.stamps())).isFalse();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(isChanged(bad.stamps())).isTrue();
  }

  @Test
  void newFileIsAChange() throws IOException {
    Files.delete(policy);
    LoadAttempt bad = attempt();
    assertThat(bad.read()).isInstanceOf(ReadResult.Bad.class);
    Files.writeString(policy, "version: 1\nrules: []\n");
    assertThat(isChanged(bad.stamps())).isTrue();
  }

  @Test
  void newInstalledConfigIsAChange() throws IOException {
    Path installed = folder.resolve("installed.yaml");
    FileStamps before =
        new ConfigFiles(installed, Examples.CRON).attempt(null, null, null).stamps();
    assertThat(before.byFile()).containsOnlyKeys(installed);
    Files.writeString(installed, "policy: policy.yaml\n");
    assertThat(isChanged(before)).isTrue();
  }

  @Test
  void digestDependsOnlyOnThePolicy() throws IOException {
    String before = digest();
    assertThat(before).matches("[0-9a-f]{16}");
    Files.writeString(config, "policy: policy.yaml\nscan: {every: 5s}\n");
    assertThat(digest()).isEqualTo(before);
    Files.writeString(policy, "version: 1\nrules: [ ]\n");
    assertThat(digest()).isNotEqualTo(before);
  }
}
