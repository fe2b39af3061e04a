package io.portcurfew.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.process.OwnUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFolderTrustTest {

  private static final long SELF = OwnUser.id();

  @TempDir private Path temp;
  private Path folder;

  @BeforeEach
  void create() throws Exception {
    folder = Files.createDirectory(temp.resolve("state"));
    mode(folder, "rwxr-xr-x");
  }

  private static void mode(Path path, String mode) throws Exception {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxr-x", "rwxr-xrwx", "rwxrwxrwx"})
  void folderThatOthersCanWrite_isRefusedWithTheCommand(String mode) throws Exception {
    mode(folder, mode);
    assertThatThrownBy(() -> StateFolder.take(folder))
        .isInstanceOf(StateFolder.Untrusted.class)
        .hasMessageEndingWith("Fix it with: chmod 0700 " + folder);
    assertThat(folder).isEmptyDirectory();
    mode(folder, "rwx------");
    StateFolder.take(folder).close();
  }

  @Test
  void folderOfAnotherUser_isRefusedWithTheCommand() {
    long other = SELF + 1;
    assertThatThrownBy(() -> new StateFolderTrust(folder, other).check())
        .isInstanceOf(StateFolder.Untrusted.class)
        .hasMessageEndingWith("Fix it with: chown " + other + " " + folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key.new", "portcurfew.db", "portcurfew.db-wal"})
  void fileThatOthersCanChange_isRefused(String name) throws Exception {
    Path file = Files.createFile(folder.resolve(name));
    mode(file, "rw-rw-rw-");
    assertThatThrownBy(() -> StateFolder.take(folder))
        .isInstanceOf(StateFolder.Untrusted.class)
        .hasMessageEndingWith("rm " + file);
  }

  @Test
  void keyThatOthersCanRead_isRefused() throws Exception {
    mode(Files.createFile(folder.resolve("portcurfew.db")), "rw-r--r--");
    StateFolder.take(folder).close();
    mode(Files.createFile(folder.resolve("key")), "rw-r--r--");
    assertThatThrownBy(() -> StateFolder.take(folder))
        .isInstanceOf(StateFolder.Untrusted.class)
        .hasMessageContaining("other users may know the key");
  }

  @Test
  void commandQuotesTheFolder() throws Exception {
    Path named = Files.createDirectory(temp.resolve("it's; here"));
    mode(named, "rwxrwxrwx");
    assertThatThrownBy(() -> StateFolder.take(named))
        .hasMessageEndingWith("chmod 0700 '" + temp + "/it'\\''s; here'");
  }
}
