package io.portcurfew.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path folder;

  @Test
  void outputIsTheJournal_ifTheVariableNamesItsFile() throws Exception {
    Path output = Files.createFile(folder.resolve("output"));
    Map<String, Object> file = Files.readAttributes(output, "unix:dev,ino");
    String stream = file.get("dev") + ":" + file.get("ino");
    assertThat(Journal.is(output, Map.of("JOURNAL_STREAM", stream))).isTrue();
    assertThat(Journal.is(output, Map.of("JOURNAL_STREAM", stream + "0"))).isFalse();
    assertThat(Journal.is(output, Map.of())).isFalse();
    assertThat(Journal.is(folder.resolve("none"), Map.of("JOURNAL_STREAM", stream))).isFalse();
  }
}
