package io.portcurfew.observe.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.Malformed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserNamesTest {

  @TempDir private Path root;

  @BeforeEach
  void writeUsers() throws IOException {
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"), "root:x:0:0::/:\nnobody:x:65534:65534:nobody:/:\n");
  }

  @Test
  void everyUserWithANumberHasAName() {
    UserNames names = new UserNames(root);
    assertThat(names.name(0)).hasToString("root");
    assertThat(names.name(65_534)).hasToString("nobody");
    assertThat(names.name(1000)).isNull();
  }

  /** In a container every user of the host that it does not map has the number of nobody. */
  @ParameterizedTest
  @CsvSource({
    "0 0 4294967295, true",
    "0 0 1000\\n1000 1000 4294966295, true",
    "0 100000 65536, false",
    "0 1000 1, false",
    "'', false"
  })
  void numberOfUnmappedUsers_isNotNobody(String map, boolean isNobody) throws IOException {
    Path self = Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(self.resolve("uid_map"), map.replace("\\n", "\n") + "\n");
    UserNames names = new UserNames(root);
    assertThat(names.name(65_534) != null).isEqualTo(isNobody);
    assertThat(names.name(0)).hasToString("root");
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25})
  void malformedPasswd_hasFewNames(long seed) {
    Random random = new Random(seed);
    byte[] passwd =
        "root:x:0:0:root:/root:/bin/bash\nwww:x:33:33::/:\n".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 10_000; i++) {
      assertThat(UserNames.parse(Malformed.of(passwd, random)).size()).isLessThan(10);
    }
  }
}
