package io.portcurfew.cli.silence;

import io.portcurfew.cli.options.DatabaseError;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** Opens the silences of the agent for the commands that change them. */
final class SilenceDatabase {

  @Mixin private FileOptions files;

  /** Changes silences and returns the exit status. */
  interface SilenceUse {
    int of(SilenceWriter writer, LoadedConfig loaded) throws History.Unreadable;
  }

  /** Opens the silences of the configured agent and returns the exit status. */
  int use(CommandSpec spec, SilenceUse use) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.loadAnyPolicy(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (SilenceWriter writer = SilenceWriter.in(loaded.get().config().state())) {
      return use.of(writer, loaded.get());
    } catch (History.Unreadable e) {
      return DatabaseError.print(e, err);
    }
  }
}
