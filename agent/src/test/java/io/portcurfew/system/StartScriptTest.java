package io.portcurfew.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start script with a program in place of Java, and the scripts of the package. */
class StartScriptTest {

  private static final Path SCRIPT = Path.of("src/main/dist/bin/portcurfew");
  private static final String OPENS = "--add-opens=jdk.httpserver/";
  private static final Path AFTER_REMOVAL = Path.of("src/main/deb/scripts/postrm");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "/nonexistent", "/usr/bin:/bin"})
  void anyPathVariable_startsJava(String path) throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), script());
    String output = run(path, link.toString(), "scan");
    assertThat(output).startsWith("started ").endsWith(" io.portcurfew.cli.Main scan\n");
    assertThat(output.lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bin/portcurfew", "portcurfew"})
  void relativePath_startsJava(String path) throws Exception {
    Path script = script();
    Path from = path.contains("/") ? folder : script.getParent();
    assertThat(runIn(from, "/usr/bin:/bin", path, "scan"))
        .contains(" -cp " + folder.toRealPath() + "/lib/");
  }

  @Test
  void foldersOfLibraries_areNamed_soThatJnaRunsNoProgram() throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    assertThat(run("/usr/bin:/bin", script().toString(), "run"))
        .containsPattern("-Djna[.]platform[.]library[.]path=/lib/\\w+-linux-gnu:/usr/lib/");
  }

  /** Opened packages are a sign of the archive with the classes of TLS. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web: {listen: x}|false",
        "web: {listen: x, config_file: web.yml}|true",
        "policy: {bundle: https://example.org/b}|true",
        "policy: {bundle: /srv/b}|false",
        "policy: {bundle: /srv/b};receivers: [{webhook: {url: https://example.org}}]|false",
        "receivers: [{webhook: {url: https://example.org}}]|false",
        "heartbeat: {receiver: x};receivers: [{webhook: {url: https://example.org}}]|true",
        "receivers: [{webhook: {url: https://example.org}}];heartbeat: {receiver: x}|true",
        "heartbeat: {receiver: x};receivers: [{webhook: {url: http://127.0.0.1}}]|false",
        "# config_file: web.yml|false",
        "state: x # bundle: https://example.org|false",
        "# heartbeat: x;receivers: [{webhook: {url: https://example.org}}]|false",
        "heartbeat: {receiver: x};# https://example.org|false"
      })
  void tls_isExpectedByTheConfig(String lines, boolean expected) throws Exception {
    Path config = folder.resolve("portcurfew.yaml");
    Files.writeString(config, lines.replace(';', '\n') + "\n");
    String script = script().toString();
    assertThat(run("/usr/bin:/bin", script, "run", "--config", config.toString()).contains(OPENS))
        .isEqualTo(expected);
    assertThat(run("/usr/bin:/bin", script, "run", "--config=" + config).contains(OPENS))
        .isEqualTo(expected);
  }

  /** The script in an installation without Java, native libraries and archives. */
  private Path script() throws IOException {
    Path script = Files.createDirectories(folder.resolve("bin")).resolve("portcurfew");
    return Files.copy(SCRIPT, script);
  }

  private String run(String path, String... command) throws Exception {
    return runIn(folder, path, command);
  }

  /** Runs the script with a program that prints its arguments in place of Java. */
  private String runIn(Path from, String path, String... command) throws Exception {
    Path java = Files.writeString(folder.resolve("java"), "#!/bin/sh\necho \"started $*\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    List<String> all = new ArrayList<>(List.of("/bin/sh"));
    all.addAll(List.of(command));
    ProcessBuilder builder = new ProcessBuilder(all).directory(from.toFile());
    builder.environment().put("PATH", path);
    builder.environment().put("PORTCURFEW_JAVA", java.toString());
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void purge_removesEveryFolderOfTheUnit() throws Exception {
    String script = Files.readString(AFTER_REMOVAL);
    String purge = script.substring(script.indexOf("purge)"));
    assertThat(purge.lines().filter(line -> line.strip().startsWith("rm -rf ")).findFirst())
        .hasValueSatisfying(
            line ->
                assertThat(line + " ")
                    .contains(" /var/lib/portcurfew ", " /var/log/portcurfew ", " /etc/portcurfew ")
                    .contains(" /var/lib/portcurfew-bundle ")
                    .contains(" /var/lib/private/portcurfew-bundle "));
  }
}
