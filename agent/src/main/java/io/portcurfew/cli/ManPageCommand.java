package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code generate-man-page}: prints the man page of the commands from their help, or that of a file
 * from its schema. The build calls it.
 */
@Command(name = "generate-man-page", hidden = true, description = "Prints the man page.")
final class ManPageCommand implements Callable<Integer> {

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
      .SH EXIT STATUS
      .TP
      .B 0
      Success; of a verdict: everything complies and nothing was hidden.
      .TP
      .B 1
      Findings, differences or failed tests.
      .TP
      .B 2
      Wrong usage.
      .TP
      .B 3
      No findings, but the view was incomplete.
      .TP
      .B 70
      An internal error.
      .TP
      .B 75
      The command cannot start or answer now; try again later.
      .TP
      .B 78
      The config or the policy has a problem.
      .SH ENVIRONMENT
      .TP
      .B PORTCURFEW_JAVA
      The Java to use instead of the detected one.
      .TP
      .B PORTCURFEW_JAVA_OPTIONS
      More options for Java, separated by spaces.
      .SH EXAMPLES
      .TP
      .B portcurfew scan
      Judges the listeners of this host.
      .TP
      .B portcurfew scan \\-\\-watch \\-\\-port 611
      Shows each listener that opens on port 611, until Ctrl\\-C.
      .TP
      .B portcurfew explain 611
      Explains a port and the rule that decides it.
      .TP
      .B ss \\-ntulpe | portcurfew judge \\-\\-as ss \\-
      Judges what another tool printed, here or on another host.
      .SH SEE ALSO
      .BR portcurfew.yaml (5),
      .BR portcurfew\\-policy (5),
      .BR ss (8),
      .BR lsof (8),
      .BR systemctl (1),
      .BR journalctl (1)
      """;

  @Spec private CommandSpec spec;

  @Option(names = "--schema", description = "Prints the page of the file with this schema.")
  private @Nullable Path schema;

  @Option(names = "--page", description = "The name of that page.")
  private @Nullable String page;

  @Option(names = "--file", description = "The path of that file.")
  private @Nullable String file;

  @Option(names = "--document", description = "The document with an example of that file.")
  private @Nullable Path document;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (schema != null && page != null && file != null && document != null) {
      out.print(SchemaManPage.of(Files.readString(schema), page, file, Files.readString(document)));
    } else {
      commands(out);
    }
    out.flush();
    return Exit.OK;
  }

  private void commands(PrintWriter out) {
    out.print(HEAD);
    describe(spec.root().commandLine(), out);
    out.print(TAIL);
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
