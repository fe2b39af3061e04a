package io.portcurfew.cli;

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

/** {@code silence end}: ends a silence before its time. */
@Command(
    name = "end",
    mixinStandardHelpOptions = true,
    description =
        "Ends a silence now; what it was about and still fires is told with the next scan.",
    footer = {
      "",
      "Exit status: 0 it is over; 2 there is no such silence; 75 no agent has run here, or this user",
      "may not read what it knows; 78 config or policy is wrong; 70 our own bug."
    })
final class SilenceEndCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private SilenceDatabase file;

  @Parameters(paramLabel = "ID", description = "As silence list shows it.")
  private String id;

  @Override
  public Integer call() {
    return file.use(
        spec,
        (silencing, loaded) -> {
          if (!silencing.end(id, Clock.systemUTC().instant(), InvokingUser.name())) {
            String why = "no silence " + HostText.of(id) + " holds; see portcurfew silence list.";
            throw new ParameterException(spec.commandLine(), why);
          }
          PrintWriter out = spec.commandLine().getOut();
          out.println("Silence " + HostText.of(id) + " is over.");
          out.flush();
          return Exit.COMPLIANT;
        });
  }
}
