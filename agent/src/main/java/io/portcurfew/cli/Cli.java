package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.cli.bundle.BundleCommand;
import io.portcurfew.cli.init.InitCommand;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.WrongUsage;
import io.portcurfew.cli.silence.SilenceCommand;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top-level command. */
@Command(
    name = "portcurfew",
    mixinStandardHelpOptions = true,
    description = "Checks that ports that should be closed stay closed.",
    versionProvider = Cli.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ScanCommand.class,
      InitCommand.class,
      JudgeCommand.class,
      CheckCommand.class,
      TestCommand.class,
      ExplainCommand.class,
      BaselineCommand.class,
      BundleCommand.class,
      ReportCommand.class,
      DoctorCommand.class,
      RunCommand.class,
      ReloadCommand.class,
      AlertsCommand.class,
      HistoryCommand.class,
      SilenceCommand.class,
      NotifyCommand.class,
      CompletionCommand.class,
      CandidatesCommand.class,
      ManPageCommand.class,
      HelpCommand.class
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
    return run(commandLineFor(arguments), arguments);
  }

  /** As {@link #run(String...)}. */
  static int run(CommandLine line, String... arguments) {
    return run(() -> line.execute(arguments), line.getErr());
  }

  /** Runs one command and returns its exit status; no error ends with the status of a verdict. */
  static int run(Callable<Integer> command, PrintWriter err) {
    try {
      return command.call();
    } catch (OutOfMemoryError noThread) {
      // With too little memory Java ends by itself (bin/portcurfew).
      err.println(
          "portcurfew: cannot start now: no thread or no memory is left; look at TasksMax= and"
              + " pids.max of its control group and at ulimit -u: "
              + noThread.getMessage());
      err.flush();
      return Exit.NOT_NOW;
    } catch (Exception | Error bug) {
      return internalError(bug, err);
    }
  }

  /**
   * The command line for these arguments. The daemon keeps the models of all its commands until it
   * ends, about 1 MiB for the complete command line, and {@code scan} starts faster without the
   * others. Neither needs another command, nor the parts of a help that nobody asks for.
   */
  static CommandLine commandLineFor(String... arguments) {
    boolean help = Stream.of(arguments).anyMatch(Cli::asksForHelp);
    return switch (arguments.length == 0 ? "" : arguments[0]) {
      case "run" -> withOnly(new RunCommand(), help);
      case "scan" -> withOnly(new ScanCommand(), help);
      default -> commandLine();
    };
  }

  /** {@code -h} also as one of several letters. */
  private static boolean asksForHelp(String argument) {
    return argument.matches("--help|-[A-Za-z]*h[A-Za-z]*");
  }

  private static CommandLine withOnly(Object command, boolean help) {
    CommandSpec top = CommandSpec.create().name("portcurfew");
    CommandSpec only = CommandSpec.forAnnotatedObject(command);
    return settled(new CommandLine(top.addSubcommand(only.name(), only)), help);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Cli());
    CommandLine help = Objects.requireNonNull(line.getSubcommands().get("help"));
    describeHelp(help.getCommandSpec().usageMessage());
    return settled(line, true);
  }

  private static CommandLine settled(CommandLine line, boolean help) {
    setVersion(line);
    if (help) {
      HelpWrapper.install(line);
    }
    return line.setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(WrongUsage::print)
        .setExecutionExceptionHandler(
            (bug, command, parsed) -> internalError(bug, command.getErr()));
  }

  /** Picocli's own text is no sentence in the list of commands. */
  private static void describeHelp(UsageMessageSpec help) {
    help.header(new String[0]);
    help.synopsisHeading("Usage: ");
    help.description("Prints the help of a command, or of all commands if none is named.");
    help.footer("", "Exit status: 0 if the help is printed; 2 if there is no such command.");
  }

  private static void setVersion(CommandLine line) {
    line.getCommandSpec().versionProvider(new Versions());
    line.getSubcommands().values().forEach(Cli::setVersion);
  }

  private static int internalError(Throwable bug, PrintWriter err) {
    err.println("portcurfew: internal error; please report it with the following text:");
    bug.printStackTrace(err);
    err.flush();
    return Exit.BUG;
  }

  /** Fails, because a subcommand is required. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), Exit.NO_COMMAND);
  }

  /** The versions of the program and of Java. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String java = System.getProperty("java.version") + ", " + System.getProperty("os.name");
      return new String[] {"portcurfew " + BuildVersion.OF_THIS_BUILD + " (Java " + java + ")"};
    }
  }
}
