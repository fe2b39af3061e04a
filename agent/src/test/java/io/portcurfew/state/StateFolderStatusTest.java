package io.portcurfew.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderStatusTest {

  private static final String LOCKS =
      """
      1: FLOCK  ADVISORY  WRITE 11 fe:00:5001 0 EOF
      2: POSIX  ADVISORY  WRITE 4711 fe:00:5001 0 EOF
      2: -> POSIX  ADVISORY  WRITE 12 fe:00:5002 0 EOF
      3: POSIX  ADVISORY  READ  13 fe:00:15001 0 EOF
      4: OFDLCK ADVISORY  WRITE -1 fe:00:5003 0 EOF
      """;

  @TempDir Path temp;

  @Test
  void holderIsTheProcessNamedByTheKernel() {
    assertThat(StateFolderStatus.locker(LOCKS, 5001)).isEqualTo(OptionalLong.of(4711));
    assertThat(StateFolderStatus.locker(LOCKS, 5002)).isEmpty();
    assertThat(StateFolderStatus.locker(LOCKS, 1)).isEmpty();
    assertThat(StateFolderStatus.locker(LOCKS, 5003)).isEmpty();
    assertThat(StateFolderStatus.locker("", 5001)).isEmpty();
  }

  @Test
  void heldFolder_hasThePidOfItsAgent() throws Exception {
    Path folder = temp.resolve("state");
    try (StateFolder held = StateFolder.take(folder)) {
      assertThat(held).isNotNull();
      assertThat(StateFolderStatus.at(folder).heldBy()).isEqualTo(ProcessHandle.current().pid());
    }
  }

  @Test
  void pidOfADeadAgent_isNoHolder() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("state"));
    Files.writeString(folder.resolve(StateFolder.LOCK), ProcessHandle.current().pid() + "\n");
    StateFolderStatus look = StateFolderStatus.at(folder);
    assertThat(look.heldBy()).isNull();
    assertThat(look.exists()).isTrue();
    assertThat(look.writable()).isTrue();
    assertThat(look.free()).isPositive();
  }

  @Test
  void readingTheStatus_createsNothing() throws Exception {
    StateFolderStatus look = StateFolderStatus.at(temp.resolve("not/there"));
    assertThat(look.exists()).isFalse();
    assertThat(look.path()).isEqualTo(temp);
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void file_isNotAFolder() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> StateFolderStatus.at(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a folder");
  }
}
