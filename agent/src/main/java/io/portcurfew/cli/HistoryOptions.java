package io.portcurfew.cli;

import io.portcurfew.config.LoadedConfig;
import io.portcurfew.store.History;
import io.portcurfew.store.audit.LogHead;
import io.portcurfew.store.audit.VerificationResult;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands share that show what an agent knows: its files, its store, from when on. */
final class HistoryOptions {

  @Mixin private FileOptions files;
  @Mixin private OutputOption output;
  @Mixin private SinceOption since;

  /** What is printed of it. */
  interface View {
    String of(History history, Instant since) throws History.Unreadable;
  }

  /** What is printed of a check of the log. */
  interface Verdict {
    String of(VerificationResult proof);
  }

  /** What is done with a store that can be read; gives the exit status. */
  private interface Use {
    int of(History history, PrintWriter out) throws History.Unreadable;
  }

  /** Prints one view for people or as JSON; gives the exit status. */
  int print(CommandSpec spec, View table, View json) {
    View view = output.form() == OutputFormat.json ? json : table;
    return use(
        spec,
        (history, out) -> {
          out.print(view.of(history, since.before(Clock.systemUTC().instant())));
          return Exit.COMPLIANT;
        });
  }

  /** Checks the log and prints what came of it; gives the exit status. */
  int verify(CommandSpec spec, @Nullable LogHead told, Verdict table, Verdict json) {
    Verdict view = output.form() == OutputFormat.json ? json : table;
    return use(
        spec,
        (history, out) -> {
          VerificationResult proof = history.verify(told);
          out.print(view.of(proof));
          return proof.broken() == null ? Exit.COMPLIANT : Exit.FINDINGS;
        });
  }

  private int use(CommandSpec spec, Use use) {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.load(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (History history = History.in(loaded.get().config().state())) {
      PrintWriter out = spec.commandLine().getOut();
      int status = use.of(history, out);
      out.flush();
      return status;
    } catch (History.Unreadable e) {
      err.println("portcurfew: " + e.getMessage());
      err.flush();
      return Exit.NOT_NOW;
    }
  }
}
