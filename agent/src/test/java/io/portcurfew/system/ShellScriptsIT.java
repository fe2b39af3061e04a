package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Program.Ended;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shell script of the project, those for macOS among them, as shellcheck sees it. */
class ShellScriptsIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SHELL = Pattern.compile("#!.*\\b(?:sh|bash)\\R");

  @Test
  void everyScript_passesShellcheck() throws Exception {
    Requirement.program("shellcheck");
    List<String> command = new ArrayList<>(List.of("shellcheck", "--severity=warning"));
    for (String folder :
        List.of(
            ".ci", "launchd", "config", "agent/src/bench", "agent/src/build", "agent/src/main")) {
      command.addAll(scripts(ROOT.resolve(folder)));
    }
    assertThat(command)
        .anyMatch(file -> file.endsWith("launchd/install"))
        .anyMatch(file -> file.endsWith("deb/scripts/postinst"));

    Ended ended = Program.run(command.toArray(String[]::new));

    assertThat(ended.out()).isEmpty();
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  @Test
  void brokenScript_isFound(@TempDir Path folder) throws Exception {
    Requirement.program("shellcheck");
    Path broken =
        Files.writeString(folder.resolve("broken"), "#!/bin/sh\ncd $1 && rm -r `ls`\nx=(\n");

    assertThat(Program.run("shellcheck", broken.toString()).status()).isNotZero();
  }

  private static List<String> scripts(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(ShellScriptsIT::isShell)
          .map(Path::toString)
          .toList();
    }
  }

  private static boolean isShell(Path file) {
    try (var in = Files.newInputStream(file)) {
      return SHELL.matcher(new String(in.readNBytes(64), StandardCharsets.ISO_8859_1)).lookingAt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
