package io.portcurfew.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real promtool: without it tests are skipped on a user's machine and fail in CI. */
final class Promtool {

  private static final Path PROGRAM = Path.of("/usr/bin/promtool");

  /** Its output and its exit status. */
  record Answer(int status, String output) {}

  private Promtool() {}

  static Answer run(Path folder, String input, String... arguments)
      throws IOException, InterruptedException {
    Requirement.that(Files.isExecutable(PROGRAM), PROGRAM + " (Debian package: prometheus)");
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("promtool ends").isTrue();
    return new Answer(process.exitValue(), output);
  }
}
