package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineMergeCommandTest {

  @TempDir private Path folder;

  private String merge(String... files) {
    String[] command = new String[files.length + 4];
    command[0] = "baseline";
    command[1] = "merge";
    command[2] = "--out";
    command[3] = folder.resolve("baseline.yaml").toString();
    for (int i = 0; i < files.length; i++) {
      command[i + 4] = folder.resolve(files[i]).toString();
    }
    CommandLines.Ended ended = CommandLines.run(command);
    return ended.status() + " " + ended.text().replace(folder + "/", "");
  }

  @Test
  void unreadableFile_isNamedWithItsReason() throws Exception {
    Files.createDirectory(folder.resolve("folder.json"));
    Files.writeString(folder.resolve("empty.json"), "{}");
    assertThat(merge("none.json"))
        .isEqualTo("2 portcurfew: cannot read none.json: no such file or folder\n");
    assertThat(merge("folder.json")).startsWith("2 portcurfew: cannot read folder.json: ");
    assertThat(merge("empty.json"))
        .startsWith("2 portcurfew: empty.json is not the JSON of portcurfew scan or history: ");
    assertThat(folder.resolve("baseline.yaml")).doesNotExist();
  }

  @Test
  void filesOfOneHost_areOneHost() throws Exception {
    String scan = "{\"schema\": 1, \"host\": \"web-1\", \"listeners\": [], \"gaps\": []}";
    Files.writeString(folder.resolve("a.json"), scan);
    Files.writeString(folder.resolve("b.json"), scan);
    assertThat(merge("a.json", "b.json")).isEqualTo("0 hosts: 1; rules: 0, to review: 0\n");
  }
}
