package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A tool of this machine that a test needs. */
public final class Tool {

  private Tool() {}

  /** Its exit status and both its streams. */
  public record Result(int status, String output) {}

  /** Runs a tool; without it, skips the test on a user's machine and fails it in CI. */
  public static Result run(String tool, String... arguments) throws Exception {
    require(tool);
    List<String> command = Stream.concat(Stream.of(tool), Stream.of(arguments)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s ends", tool).isTrue();
    return new Result(process.exitValue(), output);
  }

  /** Skips the test where the tool is absent; fails it in CI. */
  public static void require(String tool) {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .anyMatch(path -> Files.isExecutable(Path.of(path, tool)));
    Requirement.that(there, "the program " + tool);
  }
}
