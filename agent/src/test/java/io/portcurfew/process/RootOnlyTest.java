package io.portcurfew.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(OS.WINDOWS)
class RootOnlyTest {

  @TempDir Path top;
  private ToolTrust trust;
  private int self;

  @BeforeEach
  void makeTwoFoldersWithATool() throws IOException {
    top = top.toRealPath();
    self = (Integer) Files.getAttribute(top, "unix:uid");
    trust = new RootOnly(top, self);
    Files.createDirectories(top.resolve("bin"));
    Files.createDirectories(top.resolve("other"));
    Files.createFile(top.resolve("bin/ss"));
    Files.createFile(top.resolve("other/ss"));
    for (String path : new String[] {"", "bin", "other", "bin/ss", "other/ss"}) {
      allow(path, "rwxr-xr-x");
    }
  }

  private void allow(String path, String permissions) throws IOException {
    Files.setPosixFilePermissions(top.resolve(path), PosixFilePermissions.fromString(permissions));
  }

  @Test
  void fileThatOnlyRootCanReplace_isTrusted() {
    assertThat(trust.objection(top.resolve("bin/ss"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bin/ss, rwxrwxr-x, its group",
    "bin/ss, rwxr-xrwx, everybody",
    "bin, rwxrwxr-x, its group",
    "bin, rwxrwxrwx, everybody",
    "'', rwxr-xrwx, everybody"
  })
  void fileThatOthersMayReplace_isRefused(String path, String permissions, String who)
      throws IOException {
    allow(path, permissions);
    assertThat(trust.objection(top.resolve("bin/ss")))
        .hasValue("untrusted: " + top.resolve(path).normalize() + " is writable by " + who);
  }

  @Test
  void anotherOwnerIsRefused() {
    assertThat(new RootOnly(top, self + 1).objection(top.resolve("bin/ss")))
        .hasValue("untrusted: " + top + " belongs to user " + self);
  }

  @ParameterizedTest
  @CsvSource({"../other/ss", "/other/ss", "../bin/../other/./ss"})
  void theFolderThatALinkLeadsToCountsToo(String target) throws IOException {
    Path link = top.resolve("bin/linked");
    Path absolute = target.startsWith("/") ? top.resolve(target.substring(1)) : Path.of(target);
    Files.createSymbolicLink(link, absolute);
    assertThat(trust.objection(link)).isEmpty();
    allow("other", "rwxrwxr-x");
    assertThat(trust.objection(link)).get().asString().contains("/other is writable by");
  }

  @Test
  void foldersOnTheWayOfALinkCount() throws IOException {
    Files.createSymbolicLink(top.resolve("other/hop"), Path.of("../bin/ss"));
    Files.createSymbolicLink(top.resolve("bin/linked"), Path.of("../other/hop"));
    allow("other", "rwxrwxr-x");
    assertThat(trust.objection(top.resolve("bin/linked")))
        .get()
        .asString()
        .contains("/other is writable by");
  }

  @Test
  void aLinkToItselfIsRefused() throws IOException {
    Files.createSymbolicLink(top.resolve("bin/loop"), Path.of("loop"));
    assertThat(trust.objection(top.resolve("bin/loop")))
        .get()
        .asString()
        .contains("too many links");
  }

  @Test
  void uncheckablePath_isRefused() {
    assertThat(trust.objection(top.resolve("bin/none"))).get().asString().contains("cannot be");
  }

  @Test
  void theStickyFolderForEverybodyIsRefused() throws IOException {
    Path tool = Files.createTempFile("tool", "");
    try {
      assertThat(new RootOnly().objection(tool)).isPresent();
    } finally {
      Files.delete(tool);
    }
  }
}
