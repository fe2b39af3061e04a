package io.portcurfew.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.FileStatus;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {

  private static final String GOOD_POLICY = "version: 1\ndefault: deny\nrules: []\n";

  @TempDir private Path folder;
  private Path installed;
  private ConfigFiles files;

  @BeforeEach
  void nothingIsInstalled() {
    installed = folder.resolve("portcurfew.yaml");
    files = new ConfigFiles(installed, Examples.CRON);
  }

  @Test
  void withoutFiles_shippedDefaultsAreUsed() {
    LoadedConfig loaded = good(files.load(null, null));
    assertThat(loaded.policySource()).isEqualTo("shipped policy.yaml");
    assertThat(loaded.policy().rules().get(0).name()).isEqualTo("npmp-gui");
    assertThat(loaded.config().policy()).isNull();
    assertThat(loaded.config().receivers()).isEmpty();
  }

  @Test
  void installedConfigAndItsPolicyAreRead() throws IOException {
    Files.writeString(installed, "policy: site.yaml\n");
    Path policy = Files.writeString(folder.resolve("site.yaml"), GOOD_POLICY);
    LoadedConfig loaded = good(files.load(null, null));
    assertThat(loaded.policySource()).isEqualTo(policy.toString());
    assertThat(loaded.config().policy()).isEqualTo(new PolicySetting.PolicyPath(policy));
    assertThat(loaded.policy().allowsUnlisted()).isFalse();
  }

  @Test
  void configWithoutPolicy_usesTheShippedOne() throws IOException {
    Files.writeString(installed, "state: /srv/portcurfew\n");
    assertThat(good(files.load(null, null)).policySource()).isEqualTo("shipped policy.yaml");
  }

  @Test
  void namedConfigReplacesTheInstalledOne() throws IOException {
    Files.writeString(installed, "nonsense: 1\n");
    Path named = Files.writeString(folder.resolve("named.yaml"), "state: /srv/portcurfew\n");
    assertThat(good(files.load(named, null)).config().state())
        .isEqualTo(Path.of("/srv/portcurfew"));
  }

  @Test
  void namedPolicyReplacesThatOfTheConfig() throws IOException {
    Files.writeString(installed, "policy: missing.yaml\n");
    Path policy = Files.writeString(folder.resolve("mine.yaml"), GOOD_POLICY);
    assertThat(good(files.load(null, policy)).policySource()).isEqualTo(policy.toString());
  }

  @Test
  void problemsOfBothFilesAreListedTogether() throws IOException {
    Files.writeString(installed, "policy: site.yaml\nscna: 1\n");
    Files.writeString(folder.resolve("site.yaml"), "version: 2\nrules: []\n");
    assertThat(problems(null, null))
        .containsExactly(
            installed
                + ":2:1: scna: unknown key. Found: scna. Expected: policy, scan, cross_check,"
                + " events, state, web, log, notify, inventory. Did you mean \"scan\"?",
            folder.resolve("site.yaml")
                + ":1:10: version: unsupported policy version. Found: 2. Expected: 1.");
  }

  @Test
  void invalidConfig_showsProblemsOfItsPolicyToo() throws IOException {
    Files.writeString(installed, "scan: [\n");
    Path policy = Files.writeString(folder.resolve("mine.yaml"), "version: 2\nrules: []\n");
    assertThat(problems(null, policy)).hasSize(2);
    assertThat(problems(null, null)).hasSize(1);
  }

  @Test
  void unreadableFileIsAProblem() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThat(problems(missing, null)).containsExactly(missing + ":1:1: file not found.");
    assertThat(problems(folder, null))
        .singleElement()
        .asString()
        .contains(":1:1: the path is a folder.");
    Files.writeString(installed, "policy: missing.yaml\n");
    assertThat(problems(null, null)).singleElement().asString().startsWith(missing + ":1:1: ");
  }

  /** Otherwise a broken link would silently select another policy. */
  @Test
  void brokenLinkToTheConfig_isAProblem() throws IOException {
    Files.createSymbolicLink(installed, folder.resolve("gone.yaml"));
    assertThat(problems(null, null)).singleElement().asString().contains("file not found");
  }

  @Test
  void hugeFileIsAProblem() throws IOException {
    Path huge = folder.resolve("huge.yaml");
    try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertThat(problems(null, huge)).singleElement().asString().contains("the file is too large");
  }

  @Test
  void worldWritableFile_isAProblem() throws IOException {
    Files.writeString(installed, "policy: site.yaml\n");
    Path policy = Files.writeString(folder.resolve("site.yaml"), GOOD_POLICY);
    Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rw-r--rw-"));
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-r--rw-"));
    String status = FileStatus.of(policy).shown();
    assertThat(problems(null, policy))
        .containsExactly(
            installed
                + ":1:1: every user can write the file and so configure the agent. Found: "
                + status
                + ". Expected: no such permission: chmod o-w "
                + installed
                + ".",
            policy
                + ":1:1: every user can write the file and so configure the agent. Found: "
                + status
                + ". Expected: no such permission: chmod o-w "
                + policy
                + ".");
  }

  private List<String> problems(@Nullable Path config, @Nullable Path policy) {
    ReadResult<LoadedConfig> read = files.load(config, policy);
    assertThat(read).isInstanceOf(ReadResult.Bad.class);
    return ((ReadResult.Bad<LoadedConfig>) read)
        .problems().stream().map(Problem::toString).toList();
  }

  private static LoadedConfig good(ReadResult<LoadedConfig> read) {
    assertThat(read).isInstanceOf(ReadResult.Good.class);
    return ((ReadResult.Good<LoadedConfig>) read).value();
  }
}
