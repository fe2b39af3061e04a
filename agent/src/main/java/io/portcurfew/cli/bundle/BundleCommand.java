package io.portcurfew.cli.bundle;

import io.portcurfew.cli.options.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bundle}: the group of its commands. */
@Command(
    name = "bundle",
    mixinStandardHelpOptions = true,
    description = "Builds, verifies, fetches and shows signed policy bundles.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BundleBuildCommand.class,
      BundleVerifyCommand.class,
      BundleFetchCommand.class,
      BundleShowCommand.class
    })
public final class BundleCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** Fails, because a subcommand is required. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), Exit.NO_COMMAND);
  }
}
