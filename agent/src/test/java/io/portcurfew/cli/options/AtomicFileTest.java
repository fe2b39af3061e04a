package io.portcurfew.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another user can exchange every name in the folder of the file. */
class AtomicFileTest {

  private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> CLOSED =
      PosixFilePermissions.fromString("rw-------");

  @TempDir private Path folder;
  private Path file;
  private Path secret;

  @BeforeEach
  void makeSecret() throws IOException {
    file = folder.resolve("baseline.yaml");
    secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.setPosixFilePermissions(secret, CLOSED);
  }

  private void assertSecretIsUntouched() {
    assertThat(secret).hasContent("secret");
    assertThat(permissions(secret)).isEqualTo(CLOSED);
  }

  private static Set<PosixFilePermission> permissions(Path of) {
    try {
      return Files.getPosixFilePermissions(of);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] text() {
    return "schema: 1\n".getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void fileHasItsPermissions() throws IOException {
    AtomicFile.write(file, text(), OPEN);
    assertThat(file).hasBinaryContent(text());
    assertThat(permissions(file)).isEqualTo(OPEN);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("baseline.yaml", "secret");
  }

  @Test
  void linkAtTheName_isReplaced() throws IOException {
    Files.createSymbolicLink(file, secret);
    AtomicFile.write(file, text(), OPEN);
    assertThat(Files.isSymbolicLink(file)).isFalse();
    assertSecretIsUntouched();
  }

  @Test
  void linkAtTheTemporaryName_isNotFollowed() throws IOException {
    String name = ".baseline.yaml." + ProcessHandle.current().pid() + ".new";
    Files.createSymbolicLink(folder.resolve(name), secret);
    assertThatThrownBy(() -> AtomicFile.write(file, text(), OPEN)).isInstanceOf(IOException.class);
    assertThat(file).doesNotExist();
    assertSecretIsUntouched();
  }

  @Test
  void attributesOfALink_areNotThoseOfItsTarget() throws IOException {
    Files.createSymbolicLink(file, secret);
    assertThatThrownBy(() -> AtomicFile.attributes(file).setPermissions(OPEN))
        .isInstanceOf(IOException.class);
    assertSecretIsUntouched();
  }
}
