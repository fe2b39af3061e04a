package io.portcurfew.cli;

import io.portcurfew.config.Loaded;
import io.portcurfew.store.History;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands share that show what an agent knows: its files, its store, from when on. */
final class Past {

  @Mixin private FileOptions files;
  @Mixin private OutputOption output;
  @Mixin private SinceOption since;

  /** What is printed of it. */
  interface View {
    String of(History history, Instant since) throws History.Unreadable;
  }

  /** Prints one view for people or as JSON; gives the exit status. */
  int print(CommandSpec spec, View table, View json) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Loaded> loaded = files.load(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (History history = History.in(loaded.get().config().state())) {
      View view = output.form() == Output.json ? json : table;
      PrintWriter out = spec.commandLine().getOut();
      out.print(view.of(history, since.before(Clock.systemUTC().instant())));
      out.flush();
      return Exit.COMPLIANT;
    } catch (History.Unreadable e) {
      err.println("portcurfew: " + e.getMessage());
      err.flush();
      return Exit.NOT_NOW;
    }
  }
}
