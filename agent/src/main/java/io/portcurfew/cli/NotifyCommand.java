package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code notify}: the group of its command. */
@Command(
    name = "notify",
    mixinStandardHelpOptions = true,
    description = "Tests receivers.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {NotifyTestCommand.class})
final class NotifyCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Fails, because a subcommand is required. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), Exit.NO_COMMAND);
  }
}
