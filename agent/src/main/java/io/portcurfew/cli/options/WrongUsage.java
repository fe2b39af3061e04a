package io.portcurfew.cli.options;

import io.portcurfew.config.yaml.Suggestion;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints a wrong command line as one line, with the nearest right word. */
public final class WrongUsage {

  private WrongUsage() {}

  /** Prints the mistake and returns the exit status; without any command it prints the help. */
  public static int print(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    String message = message(mistake);
    if (message.equals(Exit.NO_COMMAND)) {
      err.println("portcurfew: " + message);
      command.usage(err);
    } else {
      err.println(
          "portcurfew: " + sentence(message) + suggestion(mistake) + " See: " + help(command));
    }
    err.flush();
    return Exit.USAGE;
  }

  private static String message(ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      if (!word.startsWith("-")) {
        boolean hasCommands = !mistake.getCommandLine().getSubcommands().isEmpty();
        return (hasCommands ? "Unknown command: " : "Unexpected argument: ") + word;
      }
    }
    return String.valueOf(mistake.getMessage())
        .replaceAll("\\R\\s*", " ")
        .replace("is not an int", "is not a number");
  }

  private static String sentence(String message) {
    return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
  }

  private static String suggestion(ParameterException mistake) {
    if (!(mistake instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    String word = unmatched.getUnmatched().get(0);
    CommandSpec spec = mistake.getCommandLine().getCommandSpec();
    Set<String> known =
        word.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet();
    return Suggestion.of(word, known).map(near -> " Did you mean " + near + "?").orElse("");
  }

  private static String help(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + " --help";
  }
}
