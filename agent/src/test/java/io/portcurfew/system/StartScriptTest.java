package io.portcurfew.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script with a program in place of Java, and the scripts of the package. */
class StartScriptTest {

  private static final Path SCRIPT = Path.of("src/main/dist/bin/portcurfew");
  private static final Path AFTER_REMOVAL = Path.of("src/main/deb/scripts/postrm");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "/nonexistent", "/usr/bin:/bin"})
  void anyPathVariable_startsJava(String path) throws Exception {
    Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\necho \"started $*\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Path script = Files.createDirectories(folder.resolve("bin")).resolve("portcurfew");
    Files.copy(SCRIPT, script);
    Files.createSymbolicLink(folder.resolve("link"), script);
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", folder.resolve("link").toString(), "scan");
    builder.environment().put("PATH", path);
    builder.environment().put("PORTCURFEW_JAVA", java.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).startsWith("started ").endsWith(" io.portcurfew.cli.Main scan\n");
    assertThat(output.lines()).hasSize(1);
  }

  @Test
  void purge_removesEveryFolderOfTheUnit() throws Exception {
    String script = Files.readString(AFTER_REMOVAL);
    String purge = script.substring(script.indexOf("purge)"));
    assertThat(purge.lines().filter(line -> line.strip().startsWith("rm -rf ")).findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line + " ")
                    .contains(
                        " /var/lib/portcurfew ", " /var/log/portcurfew ", " /etc/portcurfew "));
  }
}
