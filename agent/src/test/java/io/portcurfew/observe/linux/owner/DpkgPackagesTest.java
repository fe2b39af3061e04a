package io.portcurfew.observe.linux.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DpkgPackagesTest {

  private static final String MD5 = "0123456789abcdef0123456789abcdef";

  @TempDir private Path root;
  private Path info;

  @BeforeEach
  void twoPackages() throws IOException {
    info = Files.createDirectories(root.resolve("var/lib/dpkg/info"));
    wrote("openssh-server", "/usr/sbin/sshd");
    wrote("libc6:amd64", "/lib/x86_64-linux-gnu/ld.so");
  }

  private void wrote(String name, String path) throws IOException {
    Files.writeString(info.resolve(name + ".list"), "/.\n/usr\n" + path + "\n");
    Files.writeString(info.resolve(name + ".md5sums"), MD5 + "  " + path.substring(1) + "\n");
  }

  private String of(String path, String md5) {
    return String.valueOf(new DpkgPackages(root).of(path, md5));
  }

  @Test
  void fileOfAPackage_belongsToIt() {
    assertThat(of("/usr/sbin/sshd", MD5)).isEqualTo("openssh-server");
  }

  @Test
  void theArchitectureIsNoPartOfTheName() {
    assertThat(of("/lib/x86_64-linux-gnu/ld.so", MD5)).isEqualTo("libc6");
  }

  @Test
  void nameBeforeUsrMerge_isKnown() {
    assertThat(of("/usr/lib/x86_64-linux-gnu/ld.so", MD5)).isEqualTo("libc6");
  }

  @Test
  void changedFileOfAPackage_isModified() {
    assertThat(of("/usr/sbin/sshd", MD5.replace('0', '1'))).isEqualTo("openssh-server (modified)");
  }

  @Test
  void aFileOfNoPackageHasNone() {
    assertThat(of("/usr/local/bin/sshd", MD5)).isEqualTo("null");
    assertThat(of("/sbin/sshd", MD5)).isEqualTo("null");
  }

  @Test
  void packageWithoutDigests_provesNothing() throws IOException {
    Files.delete(info.resolve("openssh-server.md5sums"));
    assertThat(of("/usr/sbin/sshd", MD5)).isEqualTo("null");
  }

  @Test
  void packageInstalledLater_isKnownThen() throws IOException {
    DpkgPackages packages = new DpkgPackages(root);
    assertThat(packages.of("/usr/bin/nc", MD5)).isNull();
    wrote("netcat", "/usr/bin/nc");
    Files.setLastModifiedTime(info, FileTime.fromMillis(1));
    assertThat(packages.of("/usr/bin/nc", MD5)).hasToString("netcat");
  }

  @Test
  void hostWithoutDpkg_hasNoPackages(@TempDir Path bare) {
    assertThat(new DpkgPackages(bare).of("/usr/sbin/sshd", MD5)).isNull();
  }
}
