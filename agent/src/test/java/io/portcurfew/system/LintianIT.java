package io.portcurfew.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lintian and rpmlint have nothing against the packages but what a filter gives a reason for. */
class LintianIT {

  @TempDir private Path folder;

  @Test
  void debsHaveNeitherErrorsNorWarnings() throws Exception {
    Requirement.program("lintian");
    List<String> command = new ArrayList<>(List.of("lintian", "--fail-on", "error,warning"));
    command.addAll(packages("portcurfew*.deb"));

    assertThat(command).hasSize(6);
    assertThat(printed(command)).doesNotContain("E: ", "W: ");
  }

  @Test
  void rpmHasNeitherErrorsNorWarnings() throws Exception {
    Requirement.program("rpmlint");
    List<String> command = new ArrayList<>(List.of("rpmlint", "-c", "src/main/rpm/rpmlint.toml"));
    command.addAll(packages("portcurfew*.rpm"));

    assertThat(printed(command)).contains(" 0 errors, 0 warnings");
  }

  private static List<String> packages(String name) throws Exception {
    List<String> packages = new ArrayList<>();
    try (var found = Files.newDirectoryStream(Program.HOME.getParent(), name)) {
      found.forEach(one -> packages.add(one.toString()));
    }
    return packages;
  }

  private String printed(List<String> command) throws Exception {
    Path printed = folder.resolve("printed");
    Process process =
        Program.builder(command).redirectErrorStream(true).redirectOutput(printed.toFile()).start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(printed)).isZero();
    return Files.readString(printed);
  }
}
