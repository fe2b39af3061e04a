package io.portcurfew.cli;

import io.portcurfew.logging.LogProvider;

/** Starts the command line. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] arguments) {
    LogProvider.use();
    System.exit(Cli.run(arguments));
  }
}
