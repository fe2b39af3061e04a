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
  void withoutAnyFileTheShippedDefaultsHold() {
    LoadedConfig loaded = good(files.load(null, null));
    assertThat(loaded.policySource()).isEqualTo("shipped policy.yaml");
    assertThat(loaded.policy().rules().get(0).name()).isEqualTo("npmp-gui");
    assertThat(loaded.config().policy()).isNull();
    assertThat(loaded.config().receivers()).isEmpty();
  }

  @Test
  void theInstalledFileIsReadAndItsPolicyFoundBesideIt() throws IOException {
    Files.writeString(installed, "policy: site.yaml\n");
    Path policy = Files.writeString(folder.resolve("site.yaml"), GOOD_POLICY);
    LoadedConfig loaded = good(files.load(null, null));
    assertThat(loaded.policySource()).isEqualTo(policy.toString());
    assertThat(loaded.config().policy()).isEqualTo(policy);
    assertThat(loaded.policy().allowsUnlisted()).isFalse();
  }

  @Test
  void aConfigThatNamesNoPolicyHasTheShippedOne() throws IOException {
    Files.writeString(installed, "state: /srv/portcurfew\n");
    assertThat(good(files.load(null, null)).policySource()).isEqualTo("shipped policy.yaml");
  }

  @Test
  void aNamedConfigComesBeforeTheInstalledOne() throws IOException {
    Files.writeString(installed, "nonsense: 1\n");
    Path named = Files.writeString(folder.resolve("named.yaml"), "state: /srv/portcurfew\n");
    assertThat(good(files.load(named, null)).config().state())
        .isEqualTo(Path.of("/srv/portcurfew"));
  }

  @Test
  void aNamedPolicyComesBeforeTheOneOfTheConfig() throws IOException {
    Files.writeString(installed, "policy: missing.yaml\n");
    Path policy = Files.writeString(folder.resolve("mine.yaml"), GOOD_POLICY);
    assertThat(good(files.load(null, policy)).policySource()).isEqualTo(policy.toString());
  }

  @Test
  void theProblemsOfBothFilesAreToldTogether() throws IOException {
    Files.writeString(installed, "policy: site.yaml\nscna: 1\n");
    Files.writeString(folder.resolve("site.yaml"), "version: 2\nrules: []\n");
    assertThat(told(null, null))
        .containsExactly(
            installed
                + ":2:1: scna: unknown key. Found: scna. Expected: policy, scan, cross_check,"
                + " state, web, log, notify. Did you mean \"scan\"?",
            folder.resolve("site.yaml")
                + ":1:10: version: this agent reads policies of version 1. Found: 2."
                + " Expected: 1, without quotes.");
  }

  @Test
  void aConfigThatIsNoYamlDoesNotHideTheProblemsOfANamedPolicy() throws IOException {
    Files.writeString(installed, "scan: [\n");
    Path policy = Files.writeString(folder.resolve("mine.yaml"), "version: 2\nrules: []\n");
    assertThat(told(null, policy)).hasSize(2);
    assertThat(told(null, null)).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsTold() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    assertThat(told(missing, null))
        .containsExactly(
            missing
                + ":1:1: the file does not exist. Found: nothing to read."
                + " Expected: a file that can be read.");
    assertThat(told(folder, null)).singleElement().asString().contains(":1:1: this is a folder.");
    Files.writeString(installed, "policy: missing.yaml\n");
    assertThat(told(null, null)).singleElement().asString().startsWith(missing + ":1:1: ");
  }

  /** Else a broken link would make the agent judge by another policy without a word. */
  @Test
  void anInstalledConfigThatCannotBeFollowedIsNotTakenForAbsent() throws IOException {
    Files.createSymbolicLink(installed, folder.resolve("gone.yaml"));
    assertThat(told(null, null)).singleElement().asString().contains("the file does not exist");
  }

  @Test
  void aHugeFileIsTold() throws IOException {
    Path huge = folder.resolve("huge.yaml");
    try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertThat(told(null, huge)).singleElement().asString().contains("the file is too large");
  }

  @Test
  void whoeverMayWriteEitherFileIsTold() throws IOException {
    Files.writeString(installed, "policy: site.yaml\n");
    Path policy = Files.writeString(folder.resolve("site.yaml"), GOOD_POLICY);
    Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rw-r--rw-"));
    Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rw-r--rw-"));
    String standing = FileStatus.of(policy).shown();
    assertThat(told(null, policy))
        .containsExactly(
            installed
                + ":1:1: everybody can write the file, and so give the agent orders. Found: "
                + standing
                + ". Expected: what this command makes of it: chmod o-w "
                + installed
                + ".",
            policy
                + ":1:1: everybody can write the file, and so give the agent orders. Found: "
                + standing
                + ". Expected: what this command makes of it: chmod o-w "
                + policy
                + ".");
  }

  private List<String> told(@Nullable Path config, @Nullable Path policy) {
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
