package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.observe.linux.proc.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class KeptTextsTest {

  @TempDir private Path folder;

  private @Nullable KeptTexts texts;

  @AfterEach
  void close() {
    if (texts != null) {
      texts.close();
    }
  }

  private KeptTexts open(String... names) {
    ProcFs files = new ProcFs(folder);
    texts = KeptTexts.open(List.of(names), name -> files.open(name, Libc.O_RDONLY));
    return texts;
  }

  private void write(String text) throws IOException {
    Files.writeString(folder.resolve("dev"), text);
  }

  @Test
  void eachReadingHasTheTextOfItsMoment() throws IOException {
    write("lo: 0");
    KeptTexts opened = open("dev");
    assertThat(opened.read("dev")).asString().isEqualTo("lo: 0");
    write("lo: 1, eth0: 2");
    assertThat(opened.read("dev")).asString().isEqualTo("lo: 1, eth0: 2");
    write("lo");
    assertThat(opened.read("dev")).asString().isEqualTo("lo");
  }

  @Test
  void textOfSeveralPagesIsWhole() throws IOException {
    String text = "eth0: 0\n".repeat(900);
    write(text);
    assertThat(open("dev").read("dev")).asString().isEqualTo(text);
  }

  @Test
  void textThatIsTooLong_isReadInAnotherWay() throws IOException {
    write("eth0: 0\n".repeat(1_024));
    assertThat(open("dev").read("dev")).isNull();
  }

  @Test
  void whatIsNotOpen_isReadInAnotherWay() throws IOException {
    write("");
    KeptTexts opened = open("dev", "protocols");
    assertThat(opened.read("protocols")).isNull();
    assertThat(opened.read("packet")).isNull();
    assertThat(opened.read("dev")).isNull();
  }
}
