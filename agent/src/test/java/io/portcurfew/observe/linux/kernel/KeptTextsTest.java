package io.portcurfew.observe.linux.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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
  }

  @Test
  void emptyTextIsOne() throws IOException {
    write("");
    assertThat(open("dev").read("dev")).isEmpty();
  }

  /** The reads of this thread so far (proc_pid_io(5)); each question is one or two itself. */
  private static long reads() throws IOException {
    String io = Files.readString(Path.of("/proc/thread-self/io"));
    String line = io.lines().filter(one -> one.startsWith("syscr: ")).findFirst().orElseThrow();
    return Long.parseLong(line.substring("syscr: ".length()));
  }

  @Test
  void shortTextTakesOneRead() throws IOException {
    assumeThat(Path.of("/proc/thread-self/io")).isReadable();
    ProcFs host = new ProcFs(Path.of("/"));
    texts =
        KeptTexts.open(
            List.of("sockstat"), name -> host.open("proc/thread-self/net/" + name, Libc.O_RDONLY));
    assertThat(texts.read("sockstat")).asString().startsWith("sockets: ");
    long before = reads();
    for (int i = 0; i < 100; i++) {
      texts.read("sockstat");
    }
    assertThat(reads() - before).isBetween(100L, 150L);
  }
}
