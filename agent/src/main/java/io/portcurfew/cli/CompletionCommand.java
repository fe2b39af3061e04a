package io.portcurfew.cli;

import io.portcurfew.cli.options.Exit;
import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code generate-completion}: prints the completion script of bash and zsh. */
@Command(
    name = "generate-completion",
    mixinStandardHelpOptions = true,
    description = {
      "Prints a script for bash and zsh that completes commands, options and formats, and the names"
          + " of rules, receivers and silences of this host. Use it in a shell like this:",
      "",
      "  source <(portcurfew generate-completion)"
    },
    footer = {"", "Exit status: 0 if the script is printed; " + Exit.COMMON})
final class CompletionCommand implements Runnable {

  /** Asks this program for the names that only the files and the database of a host have. */
  private static final String NAMES =
      """

      _portcurfew() {
        local word=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) kind=
        [ "$word" != '=' ] || word=
        [ "${COMP_WORDS[at]}" != '=' ] || at=$((at - 1))
        case "${COMP_WORDS[at - 1]} ${COMP_WORDS[at]}" in
          *' --rule') kind=rules ;;
          'silence end') kind=silences ;;
          'notify test') kind=receivers ;;
        esac
        if [ -n "$kind" ] && [ "${word#-}" = "$word" ]; then
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" complete "$kind" 2>/dev/null)" -- "$word"))
        else
          _complete_portcurfew "$@"
        fi
      }
      complete -F _portcurfew -o default portcurfew
      """;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("portcurfew", spec.root().commandLine()));
    out.print(NAMES);
    out.flush();
  }
}
