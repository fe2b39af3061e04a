package io.portcurfew.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The command line for tests of other packages. */
public final class CommandLines {

  private CommandLines() {}

  /**
   * How a command ended.
   *
   * @param status its exit status
   * @param text its output and its messages
   */
  public record Ended(int status, String text) {}

  /** All commands with their options. */
  public static CommandLine all() {
    return Cli.commandLine();
  }

  /** Runs a command in this process. */
  public static Ended run(String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    int status = Cli.commandLineFor(arguments).setOut(writer).setErr(writer).execute(arguments);
    return new Ended(status, text.toString());
  }
}
