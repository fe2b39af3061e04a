package io.portcurfew.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.system.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives of bundles: good ones, and every way to forge one with its message. */
class PolicyBundleTest {

  private static final String MANIFEST =
      """
      {"schema": 1, "revision": 3, "policy": "policy.yaml", "tests": [], "applies_to": [],
       "files": {"policy.yaml": "%s"}}
      """
          .formatted(PolicyBundle.sha256(BundleFixture.POLICY.getBytes(UTF_8)));

  @Test
  void writtenBundle_isReadAgain() throws Exception {
    PolicyBundle.Release release =
        new PolicyBundle.Release(
            42,
            Instant.parse("2026-11-26T00:00:00Z"),
            Instant.parse("2027-01-01T00:00:00Z"),
            List.of("web-*", "role=db*"));
    Map<String, byte[]> files =
        Map.of(
            "policy.yaml",
            BundleFixture.POLICY.getBytes(UTF_8),
            "tests/all.yaml",
            "tests: []".getBytes(UTF_8));
    PolicyBundle bundle = PolicyBundle.of(release, "policy.yaml", List.of("tests/all.yaml"), files);
    PolicyBundle again = PolicyBundle.open(bundle.archive());
    assertThat(again.manifest()).isEqualTo(bundle.manifest());
    assertThat(again.files().get("policy.yaml")).asString(UTF_8).isEqualTo(BundleFixture.POLICY);
    assertThat(again.archive()).isEqualTo(bundle.archive());
  }

  @Test
  void archive_isReadByTar(@TempDir Path folder) throws Exception {
    Path file =
        Files.write(
            folder.resolve("policy-bundle.tar.gz"),
            BundleFixture.of(1, BundleFixture.POLICY).archive());
    Tool.Result listed = Tool.run("tar", "-tzf", file.toString());
    assertThat(listed.output()).isEqualTo("MANIFEST.json\npolicy.yaml\n");
    assertThat(Tool.run("tar", "-xzOf", file.toString(), "policy.yaml").output())
        .isEqualTo(BundleFixture.POLICY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../policy.yaml | 0 | the archive has a path that leads elsewhere: ../policy.yaml",
        "a/../policy.yaml | 0 | the archive has a path that leads elsewhere: a/../policy.yaml",
        "./policy.yaml | 0 | the archive has a path that leads elsewhere: ./policy.yaml",
        "/etc/passwd | 0 | the archive has a file with an absolute path: /etc/passwd",
        "a\\b | 0 | the archive has a file with a bad name: a\\\\b",
        "policy.yaml | 2 | the archive has a symbolic link, policy.yaml; expected: regular files",
        "policy.yaml | 1 | the archive has a hard link, policy.yaml",
        "policy.yaml | 3 | the archive has a device, policy.yaml",
        "policy.yaml | 4 | the archive has a device, policy.yaml",
        "policy.yaml | 6 | the archive has a pipe, policy.yaml",
        "folder | 5 | the archive has a folder, folder",
        "policy.yaml | x | the archive has an entry of an unknown kind, policy.yaml",
        "policy.yaml | L | the archive has an entry of an unknown kind, policy.yaml",
        "MANIFEST.json | 0 | the archive has two files with the name MANIFEST.json",
        "extra.yaml | 0 | the file extra.yaml is not listed in MANIFEST.json",
        "policy.yaml | 0 | the file policy.yaml does not have the digest that MANIFEST.json lists",
      })
  void forgedEntry_isRefused(String name, char kind, String message) throws Exception {
    byte[] archive =
        BundleFixture.archive()
            .file("MANIFEST.json", MANIFEST)
            .entry(name, kind, "version: 1\n")
            .end();
    refused(archive, message);
  }

  @Test
  void fileThatTheManifestLists_mustExist() throws Exception {
    refused(
        BundleFixture.archive().file("MANIFEST.json", MANIFEST).end(),
        "MANIFEST.json lists a file that is missing: policy.yaml");
    refused(
        BundleFixture.archive().file("policy.yaml", BundleFixture.POLICY).end(),
        "the archive has no MANIFEST.json");
  }

  @Test
  void truncatedArchive_isRefused() throws Exception {
    byte[] archive = BundleFixture.of(1, BundleFixture.POLICY).archive();
    refused(Arrays.copyOf(archive, archive.length - 9), "the archive ends early");
    refused(Arrays.copyOf(archive, 5), "the archive ends early");
    refused(new byte[0], "the archive ends early");
    refused(BundleFixture.archive().file("MANIFEST.json", MANIFEST).cut(), "ends early");
    refused("<html>404</html>".getBytes(UTF_8), "is not a .tar.gz file, or it is damaged");
  }

  @Test
  void archiveWithoutBound_isRefused() throws Exception {
    refused(new byte[BundleLimits.ARCHIVE + 1], "the archive is larger than 4 MiB");
    byte[] bomb =
        BundleFixture.archive().file("MANIFEST.json", MANIFEST).raw(new byte[17 << 20]).end();
    assertThat(bomb.length).isLessThan(64 * 1024);
    refused(bomb, "the archive unpacks to more than 16 MiB");
    BundleFixture many = BundleFixture.archive();
    IntStream.range(0, 257).forEach(i -> many.file("f" + i, ""));
    refused(many.end(), "the archive has more than 256 files");
  }

  @Test
  void dataAfterTheEnd_isRefused() throws Exception {
    refused(
        BundleFixture.archive().raw(new byte[1024]).file("late", "x").end(),
        "the archive has data after its end");
  }

  @Test
  void damagedHeader_isRefused() throws Exception {
    byte[] header = new byte[512];
    header[0] = 'a';
    refused(BundleFixture.archive().raw(header).end(), "the archive has a damaged header");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | MANIFEST.json is not JSON",
        "[] | MANIFEST.json is wrong: it is not one object",
        "{'schema': 2} | MANIFEST.json is wrong: schema is not 1; a newer agent may read it",
        "{'schema': 1, 'revison': 1} | MANIFEST.json is wrong: unknown key revison",
        "{'schema': 1, 'revision': 0} | revision is not a number from 1 to 999999999999",
        "{'schema': 1, 'revision': 1.5} | revision is not a number from 1 to 999999999999",
        "{'schema': 1, 'revision': 1} | MANIFEST.json is wrong: policy is not the name of a file",
        "{'schema': 1, 'revision': 1, 'revision': 9} | MANIFEST.json is not JSON",
        "{'schema': 1, 'revision': 1, 'policy': 'p', 'expires': 'soon'} | expires is not a time",
        "{'schema': 1, 'revision': 1, 'policy': 'p', 'tests': 'x'} | tests is not a list of at",
        "{'schema': 1, 'revision': 1, 'policy': 'p', 'files': []} | files is not an object of",
        "{'schema': 1, 'revision': 1, 'policy': 'p', 'files': {'p': 'x'}} | the digest of p is not",
        "{'schema': 1, 'revision': 1, 'policy': 'p', 'files': {}} | names a file that is missing",
      })
  void wrongManifest_isRefused(String json, String message) throws Exception {
    refused(BundleFixture.archive().file("MANIFEST.json", json.replace('\'', '"')).end(), message);
  }

  @Test
  void manifestThatExpiresBeforeItBegins_isRefused() {
    Instant later = Instant.parse("2026-12-01T00:00:00Z");
    assertThatThrownBy(() -> BundleFixture.between(later, later))
        .hasMessage("MANIFEST.json is wrong: it expires before it begins");
  }

  @Test
  void missingSignature_isRefused() throws Exception {
    byte[] archive = BundleFixture.of(1, BundleFixture.POLICY).archive();
    var signers =
        AllowedSigners.parse(
            "signers",
            "ops ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPJkQ3gYwUCnTdC4hhBGLGMaWWvN9yJ6Rrt0S4vF9BbM"
                .getBytes(UTF_8));
    assertThatThrownBy(() -> SignedBundle.verify(archive, null, signers, Instant.EPOCH))
        .hasMessage("the bundle has no signature: its file .sig is missing");
  }

  private static void refused(byte[] archive, String message) {
    assertThatThrownBy(() -> PolicyBundle.open(archive))
        .isInstanceOf(BundleRefusal.class)
        .hasMessageContaining(message);
  }
}
