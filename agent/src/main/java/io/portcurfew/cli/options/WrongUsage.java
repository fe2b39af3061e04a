package io.portcurfew.cli.options;

import io.portcurfew.config.yaml.Suggestion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
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
    String word = unknownWord(mistake);
    if (word != null && !word.startsWith("-")) {
      boolean hasCommands = !mistake.getCommandLine().getSubcommands().isEmpty();
      return (hasCommands ? "Unknown command: " : "Unexpected argument: ") + word;
    }
    return String.valueOf(mistake.getMessage())
        .replaceAll("\\R\\s*", " ")
        .replaceFirst("is not (?:an int|a long)$", "is not a number")
        .replace(" (case-sensitive)", "");
  }

  /** The argument that no option and no command has; {@code null} if there is none. */
  private static @Nullable String unknownWord(ParameterException mistake) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return unmatched.getUnmatched().get(0);
    }
    // The command help names an unknown command by its value alone.
    return mistake.getArgSpec() == null ? mistake.getValue() : null;
  }

  private static String sentence(String message) {
    return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
  }

  private static String suggestion(ParameterException mistake) {
    return nearest(mistake).map(near -> " Did you mean " + near + "?").orElse("");
  }

  private static Optional<String> nearest(ParameterException mistake) {
    String word = unknownWord(mistake);
    if (word != null) {
      CommandSpec spec = mistake.getCommandLine().getCommandSpec();
      return Suggestion.of(
          word, word.startsWith("-") ? spec.optionsMap().keySet() : spec.subcommands().keySet());
    }
    ArgSpec argument = mistake.getArgSpec();
    if (argument == null || argument.completionCandidates() == null) {
      return Optional.empty();
    }
    List<String> values = new ArrayList<>();
    argument.completionCandidates().forEach(values::add);
    return Suggestion.of(String.valueOf(mistake.getValue()), values);
  }

  private static String help(CommandLine command) {
    return command.getCommandSpec().qualifiedName() + " --help";
  }
}
