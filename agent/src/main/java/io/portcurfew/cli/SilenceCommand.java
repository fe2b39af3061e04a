package io.portcurfew.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code silence}: its three commands. */
@Command(
    name = "silence",
    mixinStandardHelpOptions = true,
    description = {
      "Keeps people from being told of some alerts for a while. They are followed, shown by alerts and",
      "scan and counted as ever, and what still fires at the end of the silence is told then.",
      "Run it as root or as the user of the agent, which may be running or not."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SilenceAddCommand.class, SilenceListCommand.class, SilenceEndCommand.class})
final class SilenceCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** A command is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }
}
