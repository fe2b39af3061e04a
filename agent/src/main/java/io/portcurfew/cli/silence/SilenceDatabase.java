package io.portcurfew.cli.silence;

import io.portcurfew.cli.options.DatabaseError;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policy.Policy;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Opens the silences of the agent for the commands that change them. */
final class SilenceDatabase {

  @Mixin private FileOptions files;

  /** Changes silences and returns the exit status. */
  interface SilenceUse {
    int of(SilenceWriter writer) throws History.Unreadable;
  }

  /** The policy of the agent; empty if it or the config cannot be read now. */
  Optional<Policy> policy() {
    return files.attempt().read() instanceof ReadResult.Good<LoadedConfig> good
        ? Optional.of(good.value().policy())
        : Optional.empty();
  }

  /** Opens the silences of the configured agent and returns the exit status. */
  int use(CommandSpec spec, SilenceUse use) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Path> state = files.state(err);
    if (state.isEmpty()) {
      return Exit.CONFIG;
    }
    try (SilenceWriter writer = SilenceWriter.in(state.get())) {
      return use.of(writer);
    } catch (History.Unreadable e) {
      return DatabaseError.print(e, err);
    }
  }
}
