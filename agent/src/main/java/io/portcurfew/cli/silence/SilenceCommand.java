package io.portcurfew.cli.silence;

import io.portcurfew.cli.options.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code silence}: the group of its three commands. */
@Command(
    name = "silence",
    mixinStandardHelpOptions = true,
    description = {
      "Stops the notifications of some alerts for a while. Silenced alerts are still detected,"
          + " printed and counted. Alerts that still fire at the end of a silence are notified then.",
      "Run it as root or as the user of the agent. The agent need not be running."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SilenceAddCommand.class, SilenceListCommand.class, SilenceEndCommand.class})
public final class SilenceCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Fails, because a subcommand is required. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), Exit.NO_COMMAND);
  }
}
