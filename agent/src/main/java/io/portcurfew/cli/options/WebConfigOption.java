package io.portcurfew.cli.options;

import io.portcurfew.config.LoadAttempt;
import io.portcurfew.config.LoadedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the web configuration file, under the name that every exporter has for it. */
public final class WebConfigOption {

  /** The name of the option. */
  public static final String NAME = "--web.config.file";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      description =
          "The web configuration file (TLS and logins, in the format of exporter-toolkit), instead"
              + " of the one that the config names.")
  private @Nullable Path file;

  /** The option without a value; picocli sets it. */
  public WebConfigOption() {}

  /** The option with this value; {@code null} for the file that the config names. */
  public WebConfigOption(@Nullable Path file) {
    this.file = file;
  }

  /** Reads all files once; the policy follows the links of this host. */
  public LoadAttempt attempt(FileOptions files) {
    return files.attempt(file).map(FileOptions::following);
  }

  /** Reads all files; prints every problem and returns nothing if they are not valid. */
  public Optional<LoadedConfig> load(FileOptions files, PrintWriter err) {
    return FileOptions.good(attempt(files), err);
  }
}
