package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The page of all commands is made of their help. {@code -Dportcurfew.docs.write=true} writes it
 * anew.
 */
class CommandPageTest {

  private static final Path PAGE = Path.of("docs/cli.md");

  private static final String HEAD =
      """
      # Commands

      <!-- Generated from the help of the commands by CommandPageTest; do not edit. -->

      Results go to standard output, messages to standard error. Without `--config` a command reads
      `/etc/portcurfew/portcurfew.yaml` if it exists, else the built-in defaults.

      | exit status | meaning |
      |---|---|
      | 0 | success; for a verdict: everything complies and nothing was hidden |
      | 1 | findings, differences or failed tests |
      | 2 | wrong usage |
      | 3 | no findings, but the view was incomplete |
      | 70 | internal error |
      | 75 | cannot start or answer now; try again later |
      | 78 | the config or the policy has a problem |

      | command | purpose |
      |---|---|
      """;

  @Test
  void pageIsUpToDate() throws IOException {
    String page = page();
    if (Boolean.getBoolean("portcurfew.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/cli.md; write it anew with -Dportcurfew.docs.write=true")
        .isEqualTo(page);
  }

  private static String page() {
    StringBuilder table = new StringBuilder(HEAD);
    StringBuilder sections = new StringBuilder();
    describe(Cli.commandLine(), table, sections);
    return table.append(sections).toString();
  }

  private static void describe(CommandLine parent, StringBuilder table, StringBuilder sections) {
    // A command is in the map under each of its names.
    Set<CommandLine> commands = new LinkedHashSet<>(parent.getSubcommands().values());
    for (CommandLine command : commands) {
      var usage = command.getCommandSpec().usageMessage();
      if (usage.hidden()) {
        continue;
      }
      String name = command.getCommandSpec().qualifiedName();
      String anchor = name.toLowerCase(Locale.ROOT).replace(' ', '-');
      usage.width(100).autoWidth(false);
      String help = command.getUsageMessage(Ansi.OFF).replaceAll("(?m) +$", "");
      table.append("| [`%s`](#%s) | %s |\n".formatted(name, anchor, sentence(usage.description())));
      sections.append("\n## ").append(name).append("\n\n```text\n").append(help).append("```\n");
      describe(command, table, sections);
    }
  }

  private static String sentence(String[] description) {
    String text = String.join(" ", description).replaceAll("\\s+", " ").strip();
    int end = text.indexOf(". ");
    return (end < 0 ? text : text.substring(0, end + 1)).replace("|", "\\|");
  }
}
