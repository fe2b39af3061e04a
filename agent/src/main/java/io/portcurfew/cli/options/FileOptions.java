package io.portcurfew.cli.options;

import io.portcurfew.config.ConfigFiles;
import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.daemon.CronTimer;
import io.portcurfew.scan.ExecutablePaths;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the config and the policy file. */
public final class FileOptions {

  /** The name of the option for the config. */
  public static final String CONFIG = "--config";

  /** The name of the option for the policy. */
  public static final String POLICY = "--policy";

  @Option(
      names = CONFIG,
      paramLabel = "FILE",
      description =
          "The config of the agent. Default: /etc/portcurfew/portcurfew.yaml if it exists, else the"
              + " shipped config.")
  private @Nullable Path config;

  @Option(
      names = POLICY,
      paramLabel = "FILE",
      description = "The policy file, instead of the one that the config names.")
  private @Nullable Path policy;

  /** The options without a value; picocli sets those that it reads. */
  public FileOptions() {}

  /**
   * The options with these values.
   *
   * @param config {@code null} for the default
   * @param policy {@code null} for the policy that the config names
   */
  public FileOptions(@Nullable Path config, @Nullable Path policy) {
    this.config = config;
    this.policy = policy;
  }

  /** The source of the config, as shown to people. */
  public String configSource() {
    if (config != null) {
      return config.toString();
    }
    return withoutConfig() ? "shipped portcurfew.yaml" : ConfigFiles.INSTALLED.toString();
  }

  /** True if there is no config file, so that the shipped config is used. */
  public boolean withoutConfig() {
    return config == null && Files.notExists(ConfigFiles.INSTALLED, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads both files once. */
  public LoadAttempt attempt() {
    return attempt(null);
  }

  /** Reads both files and the web configuration file, if it is not that of the config. */
  LoadAttempt attempt(@Nullable Path webConfig) {
    return files().attempt(config, policy, webConfig);
  }

  /** The state folder of the config; prints the problems if it cannot be read. */
  public Optional<Path> state(PrintWriter err) {
    return good(files().state(config), err);
  }

  private static ConfigFiles files() {
    return new ConfigFiles(ConfigFiles.INSTALLED, CronTimer::problem);
  }

  /**
   * Reads both files; prints every problem and returns nothing if they are not valid, or if the
   * policy bundle of the config is not active: the verdict of another policy would mislead.
   */
  public Optional<LoadedConfig> load(PrintWriter err) {
    Optional<LoadedConfig> loaded = loadAnyPolicy(err);
    String problem = loaded.map(LoadedConfig::bundleProblem).orElse(null);
    if (problem != null) {
      err.println(
          "portcurfew: " + problem + "; run it as root while the agent runs, or pass --policy");
      err.flush();
      return Optional.empty();
    }
    return loaded;
  }

  /** Like {@link #load}, for a command about this host: the policy follows its links. */
  public Optional<LoadedConfig> loadForThisHost(PrintWriter err) {
    return load(err).map(FileOptions::following);
  }

  static LoadedConfig following(LoadedConfig loaded) {
    return loaded.following(ExecutablePaths.of(loaded.policy().paths()));
  }

  /** Like {@link #load}, for a command that does not judge: the policy bundle may be missing. */
  public Optional<LoadedConfig> loadAnyPolicy(PrintWriter err) {
    return good(attempt(), err);
  }

  /** The valid files of an attempt; otherwise prints every problem and returns nothing. */
  public static Optional<LoadedConfig> good(LoadAttempt attempt, PrintWriter err) {
    return good(attempt.read(), err);
  }

  /** The value of any good result; otherwise prints every problem and returns nothing. */
  public static <T> Optional<T> good(ReadResult<T> read, PrintWriter err) {
    if (read instanceof ReadResult.Good<T> good) {
      return Optional.of(good.value());
    }
    ((ReadResult.Bad<T>) read).problems().forEach(err::println);
    err.flush();
    return Optional.empty();
  }
}
