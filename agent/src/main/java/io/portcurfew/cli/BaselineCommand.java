package io.portcurfew.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code baseline}: its two commands. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    description = "Learns a policy from what listens now, and tells what differs from it later.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {BaselineLearnCommand.class, BaselineDiffCommand.class})
final class BaselineCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** A command is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }
}
