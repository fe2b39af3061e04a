package io.portcurfew.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code notify}: its one command. */
@Command(
    name = "notify",
    mixinStandardHelpOptions = true,
    description = "Tries out who is told.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {NotifyTestCommand.class})
final class NotifyCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** A command is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }
}
