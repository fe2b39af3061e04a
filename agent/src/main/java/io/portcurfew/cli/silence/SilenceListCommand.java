package io.portcurfew.cli.silence;

import io.portcurfew.alert.Silence;
import io.portcurfew.alert.Silences;
import io.portcurfew.cli.options.DatabaseError;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.OutputFormat;
import io.portcurfew.cli.options.OutputOption;
import io.portcurfew.cli.options.TerminalWidth;
import io.portcurfew.cli.text.SilenceText;
import io.portcurfew.output.SilencesJson;
import io.portcurfew.store.History;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code silence list}: prints the active silences. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Prints the active silences, ordered by their end.",
    footer = {"", "Exit status: 0 if the silences are printed; " + Exit.NO_DATA + Exit.COMMON})
final class SilenceListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Path> state = files.state(err);
    if (state.isEmpty()) {
      return Exit.CONFIG;
    }
    try (History history = History.in(state.get())) {
      Instant now = Clock.systemUTC().instant();
      List<Silence> silences = Silences.at(now, history.silences(now)).active();
      PrintWriter out = spec.commandLine().getOut();
      out.print(
          output.form() == OutputFormat.json
              ? SilencesJson.render(silences)
              : SilenceText.table(silences, TerminalWidth.of(spec)));
      out.flush();
      return Exit.OK;
    } catch (History.Unreadable e) {
      return DatabaseError.print(e, err);
    }
  }
}
