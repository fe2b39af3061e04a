package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import java.io.PrintWriter;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line as a whole. */
@Command(
    name = "portcurfew",
    mixinStandardHelpOptions = true,
    description = "Checks that the ports that should be closed stay closed.",
    versionProvider = Cli.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ScanCommand.class,
      JudgeCommand.class,
      CheckCommand.class,
      TestCommand.class,
      ExplainCommand.class,
      BaselineCommand.class,
      DoctorCommand.class,
      RunCommand.class,
      ReloadCommand.class,
      AlertsCommand.class,
      HistoryCommand.class,
      SilenceCommand.class,
      NotifyCommand.class,
      GenerateCompletion.class,
      ManPageCommand.class
    })
public final class Cli implements Runnable {

  @Spec private CommandSpec spec;

  private Cli() {}

  /**
   * Runs one command.
   *
   * @return its exit status
   */
  public static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Cli());
    giveVersion(line);
    return line.setExecutionExceptionHandler((bug, command, parsed) -> internal(bug, command));
  }

  private static void giveVersion(CommandLine line) {
    line.getCommandSpec().versionProvider(new Versions());
    line.getSubcommands().values().forEach(Cli::giveVersion);
  }

  private static int internal(Exception bug, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println("portcurfew: this is a bug of portcurfew; please report it with what follows:");
    bug.printStackTrace(err);
    err.flush();
    return Exit.BUG;
  }

  /** A command is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See the list below.");
  }

  /** The version of the program and of what it runs on. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String java = System.getProperty("java.version") + ", " + System.getProperty("os.name");
      return new String[] {"portcurfew " + BuildVersion.OF_THIS_BUILD + " (Java " + java + ")"};
    }
  }
}
