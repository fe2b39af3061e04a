package io.portcurfew.cli;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.daemon.JobScheduler;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the two files, and their reading. */
final class FileOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The agent's config. Default: /etc/portcurfew/portcurfew.yaml where it exists, else the shipped one.")
  private @Nullable Path config;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The policy, instead of the one that the config names.")
  private @Nullable Path policy;

  /** Where the config comes from, for people. */
  String configSource() {
    if (config != null) {
      return config.toString();
    }
    return Files.notExists(ConfigFiles.INSTALLED, LinkOption.NOFOLLOW_LINKS)
        ? "shipped portcurfew.yaml"
        : ConfigFiles.INSTALLED.toString();
  }

  /** Both files, read once. */
  LoadAttempt attempt() {
    return files().attempt(config, policy);
  }

  /** Where the agent of the config keeps its state; where that is wrong, it has been printed. */
  Optional<Path> state(PrintWriter err) {
    return good(files().state(config), err);
  }

  private static ConfigFiles files() {
    return new ConfigFiles(ConfigFiles.INSTALLED, JobScheduler::cronProblem);
  }

  /** Both files; where they are wrong, every problem has been printed and there is nothing. */
  Optional<LoadedConfig> load(PrintWriter err) {
    return good(attempt(), err);
  }

  /** What was read; where it is wrong, every problem is printed and there is nothing. */
  static Optional<LoadedConfig> good(LoadAttempt attempt, PrintWriter err) {
    return good(attempt.read(), err);
  }

  /** The same of any reading. */
  static <T> Optional<T> good(ReadResult<T> read, PrintWriter err) {
    if (read instanceof ReadResult.Good<T> good) {
      return Optional.of(good.value());
    }
    ((ReadResult.Bad<T>) read).problems().forEach(err::println);
    err.flush();
    return Optional.empty();
  }
}
