package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code baseline}: the group of its commands. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    description =
        "Learns a policy from the listeners of one host or many, and prints later differences.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BaselineLearnCommand.class,
      BaselineDiffCommand.class,
      BaselineMergeCommand.class
    })
final class BaselineCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Fails, because a subcommand is required. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), Exit.NO_COMMAND);
  }
}
