package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ManPageCommandTest {

  @Test
  void pageHasEveryVisibleCommand() {
    CommandLine line = Cli.commandLine();
    StringWriter page = new StringWriter();
    line.setOut(new PrintWriter(page));
    assertThat(line.execute("generate-man-page")).isZero();
    line.getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden())
        .forEach(
            command ->
                assertThat(page.toString())
                    .contains("\n.SS portcurfew " + command.getCommandName() + "\n"));
    assertThat(page.toString())
        .contains(".SH EXIT STATUS\n", ".SH EXAMPLES\n")
        .contains(".SS portcurfew baseline learn\n")
        .contains("\\-\\-config=FILE")
        .doesNotContain("generate\\-man");
  }

  @Test
  void helpLinesAreEscapedForRoff() {
    assertThat(ManPageCommand.plain(".so /etc/passwd")).isEqualTo("\\&.so /etc/passwd");
    assertThat(ManPageCommand.plain("'\\x1b -a'")).isEqualTo("\\(aq\\ex1b \\-a\\(aq");
  }
}
