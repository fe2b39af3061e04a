package io.portcurfew.cli;

import io.portcurfew.config.LoadedConfig;
import io.portcurfew.store.History;
import io.portcurfew.store.SilenceWriter;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands share that change silences: the files of the agent and its database. */
final class SilenceDatabase {

  @Mixin private FileOptions files;

  /** What is done with the silences; gives the exit status. */
  interface Use {
    int of(SilenceWriter silencing, LoadedConfig loaded) throws History.Unreadable;
  }

  /** Opens the silences of the agent of this config; gives the exit status. */
  int use(CommandSpec spec, Use use) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.load(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (SilenceWriter silencing = SilenceWriter.in(loaded.get().config().state())) {
      return use.of(silencing, loaded.get());
    } catch (History.Unreadable e) {
      err.println("portcurfew: " + e.getMessage());
      err.flush();
      return Exit.NOT_NOW;
    }
  }
}
