package io.portcurfew.cli.silence;

import io.portcurfew.cli.options.Exit;
import io.portcurfew.observe.HostText;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code silence end}: ends a silence early. */
@Command(
    name = "end",
    mixinStandardHelpOptions = true,
    description = "Ends a silence now. Its alerts that still fire are notified with the next scan.",
    footer = {
      "",
      "Exit status: 0 if the silence is ended; 2 if there is no such silence; "
          + Exit.NO_DATA
          + Exit.COMMON
    })
final class SilenceEndCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private SilenceDatabase file;

  @Parameters(paramLabel = "ID", description = "The id, as shown by silence list.")
  private String id;

  @Override
  public Integer call() {
    return file.use(
        spec,
        writer -> {
          if (!writer.end(id, Clock.systemUTC().instant(), InvokingUser.name())) {
            String why =
                "There is no active silence " + HostText.of(id) + "; see portcurfew silence list.";
            throw new ParameterException(spec.commandLine(), why);
          }
          PrintWriter out = spec.commandLine().getOut();
          out.println("Silence " + HostText.of(id) + " is ended.");
          out.flush();
          return Exit.OK;
        });
  }
}
