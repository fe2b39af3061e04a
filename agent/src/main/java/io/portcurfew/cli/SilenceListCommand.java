package io.portcurfew.cli;

import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.text.SilenceText;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.store.History;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code silence list}: the silences that hold. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Shows the silences that hold, the first to end first.",
    footer = {
      "",
      "Exit status: 0 they are shown, also where there are none; 75 no agent has run here, or this",
      "user may not read what it knows; 78 config or policy is wrong; 70 our own bug."
    })
final class SilenceListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<LoadedConfig> loaded = files.load(err);
    if (loaded.isEmpty()) {
      return Exit.CONFIG;
    }
    try (History history = History.in(loaded.get().config().state())) {
      Instant now = Clock.systemUTC().instant();
      List<Silence> silences = Silences.at(now, history.silences(now)).inForce();
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? SilenceText.json(silences)
              : SilenceText.table(silences));
      out.flush();
      return Exit.COMPLIANT;
    } catch (History.Unreadable e) {
      err.println("portcurfew: " + e.getMessage());
      err.flush();
      return Exit.NOT_NOW;
    }
  }
}
