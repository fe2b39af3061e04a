package io.portcurfew.config.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.policy.PolicyFiles.ReadPolicy;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policy.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFilesTest {

  private static final String TOP =
      "version: 1\ninclude: [site/a.yaml, b.yaml]\nrules:\n  - {name: top, ports: 1, expect: closed}\n";
  private static final String A =
      "version: 1\ninclude: [../b.yaml]\nrules:\n  - {name: a, ports: 2, expect: closed}\n";
  private static final String B = "version: 1\nrules:\n  - {name: b, ports: 3, expect: closed}\n";

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static ReadPolicy good(Path file) {
    List<Problem> problems = new ArrayList<>();
    ReadPolicy policy =
        PolicyFiles.read(new ConfigSource.OnDisk(file), new ReadFiles(), problems).orElseThrow();
    assertThat(problems).isEmpty();
    return policy;
  }

  @Test
  void digestCoversAllFilesInOrder() throws IOException, NoSuchAlgorithmException {
    Path top = write("policy.yaml", TOP.replace(", b.yaml", ""));
    Path a = write("site/a.yaml", A);
    Path b = write("b.yaml", B);
    ReadPolicy policy = good(top);
    assertThat(policy.policy().rules()).extracting(Rule::name).containsExactly("b", "a", "top");
    assertThat(policy.origin().files()).containsExactly(top, a, b);
    byte[] all = (TOP.replace(", b.yaml", "") + A + B).getBytes(UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
    assertThat(policy.origin().digest()).hasSize(16);
    assertThat(sha256).startsWith(policy.origin().digest());
  }

  @Test
  void changedIncludedFile_changesTheDigest() throws IOException {
    Path top = write("policy.yaml", "version: 1\ninclude: [b.yaml]\nrules: []\n");
    write("b.yaml", B);
    String before = good(top).origin().digest();
    assertThat(good(top).origin().digest()).isEqualTo(before);
    write("b.yaml", B.replace("3", "4"));
    assertThat(good(top).origin().digest()).isNotEqualTo(before);
  }

  @Test
  void problemsNameTheIncludedFile() throws IOException {
    Path top = write("policy.yaml", TOP);
    write("site/a.yaml", A);
    write("b.yaml", B.replace("closed", "shut"));
    List<Problem> problems = new ArrayList<>();
    PolicyFiles.read(new ConfigSource.OnDisk(top), new ReadFiles(), problems);
    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly(
            top
                + ":2:24: include[1]: the file is already included. Found: b.yaml. Expected: the"
                + " path of a policy file, relative to this one, like baseline.yaml.",
            folder.resolve("b.yaml")
                + ":3:33: rules[0].expect: invalid value. Found: shut. Expected: closed, allowed,"
                + " required.");
  }

  @Test
  void shippedPolicyCannotIncludeFiles() {
    ReadResult<ReadPolicy> read =
        PolicyFiles.read("shipped policy.yaml", null, TOP.getBytes(UTF_8));
    assertThat(((ReadResult.Bad<ReadPolicy>) read).problems())
        .extracting(Problem::what)
        .containsOnly("the shipped policy cannot include files")
        .hasSize(2);
  }

  @Test
  void noMoreThan64FilesAreRead() throws IOException {
    StringBuilder include = new StringBuilder("include: [");
    for (int i = 0; i < 64; i++) {
      write("f" + i + ".yaml", "version: 1\nrules: []\n");
      include.append("f").append(i).append(".yaml, ");
    }
    Path top = write("policy.yaml", "version: 1\n" + include + "]\nrules: []\n");
    List<Problem> problems = new ArrayList<>();
    PolicyFiles.read(new ConfigSource.OnDisk(top), new ReadFiles(), problems);
    assertThat(problems)
        .extracting(Problem::path, Problem::what)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(
                "include[63]", "the policy has more than 64 files"));
  }

  @Test
  void theRulesOfAllFilesAreCountedTogether() throws IOException {
    StringBuilder rules = new StringBuilder("version: 1\nrules:\n");
    for (int i = 0; i < 4_000; i++) {
      rules.append("  - {name: NAME").append(i).append(", ports: 1, expect: closed}\n");
    }
    for (String name : List.of("a", "b", "c")) {
      write(name + ".yaml", rules.toString().replace("NAME", name));
    }
    Path top = write("policy.yaml", "version: 1\ninclude: [a.yaml, b.yaml, c.yaml]\nrules: []\n");
    List<Problem> problems = new ArrayList<>();
    PolicyFiles.read(new ConfigSource.OnDisk(top), new ReadFiles(), problems);
    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly(
            folder.resolve("c.yaml")
                + ":3:3: rules: too many rules. Found: 12000 rules. Expected: at most"
                + " 10000.");
  }
}
