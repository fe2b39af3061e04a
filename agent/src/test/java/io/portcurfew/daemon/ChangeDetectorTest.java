package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.files.FileStamps;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeDetectorTest {

  private final ChangeDetector watch = new ChangeDetector(stamps("1"));

  private static FileStamps stamps(String stamp) {
    return new FileStamps(Map.of(Path.of("/etc/policy.yaml"), stamp));
  }

  private boolean looks(String stamp) {
    return watch.wantsReading(stamps(stamp));
  }

  @Test
  void unchangedFile_isNotRead() {
    assertThat(looks("1")).isFalse();
    assertThat(looks("1")).isFalse();
  }

  @Test
  void change_isReadOnceTheFileIsStable() {
    assertThat(looks("2")).isFalse();
    assertThat(looks("2")).isTrue();
  }

  @Test
  void fileBeingWritten_isAwaited() {
    assertThat(looks("2")).isFalse();
    assertThat(looks("3")).isFalse();
    assertThat(looks("4")).isFalse();
    assertThat(looks("4")).isTrue();
  }

  @Test
  void readFile_isNotReadAgain() {
    looks("2");
    looks("2");
    watch.read(stamps("2"));
    assertThat(looks("2")).isFalse();
    assertThat(looks("2")).isFalse();
  }

  @Test
  void fileChangedDuringTheRead_isReadAgain() {
    watch.read(stamps("2"));
    assertThat(looks("3")).isFalse();
    assertThat(looks("3")).isTrue();
  }

  @Test
  void restoredFile_isNoChange() {
    looks("2");
    assertThat(looks("1")).isFalse();
    assertThat(looks("1")).isFalse();
  }
}
