package io.portcurfew.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.config.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad file holds one mistake; the .txt of the same name holds its exact problems. */
class BadFilesTest {

  static Stream<Arguments> files() {
    return Stream.of("policy", "config", "test")
        .flatMap(
            kind ->
                Examples.bad(kind).stream()
                    .map(file -> Arguments.of(kind, file.getFileName().toString(), file)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void badFileHasExactlyTheseProblems(String kind, String name, Path file) throws IOException {
    List<Problem> problems = Examples.problems(kind, name, Examples.bytes(file));
    String shown = problems.stream().map(problem -> problem + "\n").collect(joining());
    Path expected = file.resolveSibling(name.replace(".yaml", ".txt"));
    assertThat(shown).isNotEmpty().isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("files")
  void noProblemShowsASecret(String kind, String name, Path file) {
    assertThat(Examples.problems(kind, name, Examples.bytes(file)).toString())
        .doesNotContain("T0K3N", "pa55", "K3Y", "hush");
  }
}
