package io.portcurfew.config;

import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.policy.PolicyFiles;
import io.portcurfew.config.policy.TestFiles;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policytest.TestFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the example files of all formats, good and bad. */
public final class Examples {

  /** The folder of the shipped files; tests run in the folder of the module. */
  public static final Path SHIPPED = Path.of("../config");

  private static final Path RESOURCES = Path.of("src/test/resources/io/portcurfew/config");

  /** A stand-in for the scheduler: accepts any expression of at least six fields. */
  static final CronCheck CRON =
      expression ->
          expression.split(" ", -1).length < 6 ? Optional.of("too few fields") : Optional.empty();

  private Examples() {}

  static List<Path> bad(String kind) {
    return in(RESOURCES.resolve("bad").resolve(kind));
  }

  public static List<Path> good(String kind) {
    return Stream.concat(in(RESOURCES.resolve("good").resolve(kind)).stream(), shipped(kind))
        .toList();
  }

  private static Stream<Path> shipped(String kind) {
    return kind.equals("test")
        ? Stream.empty()
        : Stream.of(SHIPPED.resolve(kind.equals("policy") ? "policy.yaml" : "portcurfew.yaml"));
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The problems of a file of this kind; empty for a good file. */
  public static List<Problem> problems(String kind, String name, byte[] text) {
    ReadResult<?> read =
        switch (kind) {
          case "policy" -> policy(name, text);
          case "config" -> config(name, text);
          default -> test(name, text);
        };
    return read instanceof ReadResult.Bad<?> bad ? bad.problems() : List.of();
  }

  /** Reads a policy as if it were in the folder of the included example files. */
  public static ReadResult<PolicyFiles.ReadPolicy> policy(String name, byte[] text) {
    return PolicyFiles.read(name, RESOURCES.resolve("included"), text);
  }

  /** Reads a test file as if it were in the folder of the tested example policies. */
  public static ReadResult<TestFile> test(String name, byte[] text) {
    Problems problems = new Problems(name);
    return TestFiles.read(
        RESOURCES.resolve("included").resolve("x"), text, new ReadFiles(), problems);
  }

  public static ReadResult<AgentConfig> config(String name, byte[] text) {
    Problems problems = new Problems(name);
    return problems.orGood(
        new AgentConfigReader(Path.of("/etc/portcurfew"), CRON).read(text, problems));
  }
}
