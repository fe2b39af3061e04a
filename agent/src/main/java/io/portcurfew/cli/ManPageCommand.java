package io.portcurfew.cli;

import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code generate-man-page}: prints the man page from the help of all commands. The build calls it.
 */
@Command(name = "generate-man-page", hidden = true, description = "Prints the man page.")
final class ManPageCommand implements Runnable {

  private static final String HEAD =
      """
      .TH PORTCURFEW 1 "" "portcurfew" "User Commands"
      .SH NAME
      portcurfew \\- checks that ports that should be closed stay closed
      .SH SYNOPSIS
      .B portcurfew
      .I COMMAND
      .RI [ OPTION ]...
      .SH DESCRIPTION
      Observes every listening socket of this host and its owner, and judges it by a policy.
      The service portcurfew.service does so continuously and sends notifications of alerts.
      Results go to standard output, messages to standard error.
      .SH COMMANDS
      """;

  private static final String TAIL =
      """
      .SH FILES
      .TP
      .I /etc/portcurfew/portcurfew.yaml
      The config of the agent, used if \\-\\-config is absent.
      .TP
      .I /etc/portcurfew/policy.yaml
      The policy that the shipped config names.
      .TP
      .I /etc/portcurfew/secrets/
      Secrets of receivers, each a file that only root can read.
      .TP
      .I /var/lib/portcurfew/
      The state of the agent.
      .SH ENVIRONMENT
      .TP
      .B PORTCURFEW_JAVA
      The Java to use instead of the detected one.
      .TP
      .B PORTCURFEW_JAVA_OPTIONS
      More options for Java, separated by spaces.
      .SH SEE ALSO
      .BR ss (8),
      .BR lsof (8),
      .BR systemctl (1),
      .BR journalctl (1)
      """;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(HEAD);
    describe(spec.root().commandLine(), out);
    out.print(TAIL);
    out.flush();
  }

  private static void describe(CommandLine line, PrintWriter out) {
    // The map holds a command once for each of its names.
    Set<CommandLine> commands = new LinkedHashSet<>(line.getSubcommands().values());
    for (CommandLine command : commands) {
      if (!command.getCommandSpec().usageMessage().hidden()) {
        out.println(".SS " + command.getCommandSpec().qualifiedName());
        out.println(".nf");
        command.getUsageMessage(Ansi.OFF).lines().map(ManPageCommand::plain).forEach(out::println);
        out.println(".fi");
        describe(command, out);
      }
    }
  }

  /** Escapes a line so that roff prints it unchanged. */
  static String plain(String line) {
    String escaped = line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }
}
