package io.portcurfew.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

  @TempDir private Path temp;

  @Test
  void secondAgent_isRefusedWithThePidOfTheFirst() throws Exception {
    Path folder = temp.resolve("state");
    try (StateFolder first = StateFolder.take(folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> StateFolder.take(folder))
          .isInstanceOf(StateFolder.Unusable.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid() + ",");
    }
    StateFolder.take(folder).close();
  }

  @Test
  void newFolder_isForItsOwnerOnly() throws Exception {
    Path folder = temp.resolve("a/b");
    StateFolder.take(folder).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void folderThatCannotBeCreated_isAnError() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> StateFolder.take(file.resolve("state")))
        .isInstanceOf(StateFolder.Unusable.class)
        .hasMessageContaining(file.resolve("state").toString());
  }

  @Test
  void lockThatIsALink_isNotFollowed() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("linked"));
    Path victim = Files.writeString(temp.resolve("victim"), "precious");
    Files.createSymbolicLink(folder.resolve("portcurfew.lock"), victim);
    assertThatThrownBy(() -> StateFolder.take(folder)).isInstanceOf(StateFolder.Unusable.class);
    assertThat(victim).hasContent("precious");
  }
}
