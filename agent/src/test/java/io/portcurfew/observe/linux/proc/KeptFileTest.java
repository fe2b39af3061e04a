package io.portcurfew.observe.linux.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class KeptFileTest {

  @Test
  void replacedFileOfACapturedHost_isReadAnew(@TempDir Path root) throws Exception {
    Path folder = Files.createDirectories(root.resolve("proc"));
    Path file = Files.writeString(folder.resolve("loadavg"), "0.00 1/2 3\n");
    KeptFile kept = new ProcFs(root).keep("proc/loadavg");
    assertThat(text(kept)).isEqualTo("0.00 1/2 3\n");
    Files.delete(file);
    assertThat(kept.read(1)).isNull();
    Files.writeString(file, "0.00 1/2 4\n");
    assertThat(text(kept)).isEqualTo("0.00 1/2 4\n");
  }

  @Test
  void eachReadingShowsTheContentOfThatMoment() {
    KeptFile uptime = new ProcFs(Path.of("/")).keep("proc/uptime");
    String first = text(uptime);
    for (int i = 0; i < 100 && text(uptime).equals(first); i++) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    assertThat(text(uptime)).isNotEqualTo(first).endsWith("\n");
    uptime.close();
    assertThat(text(uptime)).as("opened again").isNotEmpty();
    uptime.close();
  }

  @Test
  void longFileIsReadWhole(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("long"), "x".repeat(200_000));
    try (KeptFile kept = new ProcFs(Path.of("/")).keep(file.toString().substring(1))) {
      assertThat(kept.read(100_000)).hasSizeBetween(100_000, 200_000);
      assertThat(kept.read(1_000_000)).hasSize(200_000);
    }
  }

  private static String text(KeptFile file) {
    byte[] read = file.read(64);
    return read == null ? "" : new String(read, StandardCharsets.ISO_8859_1);
  }
}
