package io.portcurfew.cli;

import io.portcurfew.cli.options.TerminalColour;
import io.portcurfew.logging.LogProvider;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Starts the command line. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) {
    LogProvider.use();
    TerminalColour.settle(System.getenv(), System.getProperties());
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    RunCommand daemon = RunCommand.plain(arguments);
    if (daemon == null) {
      return Cli.run(arguments);
    }
    PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
    return Cli.run(() -> daemon.run(err), err);
  }
}
