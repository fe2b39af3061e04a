package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class WrongUsageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scan --fnding|Did you mean --finding? See: portcurfew scan --help",
        "scna|Unknown command: scna. Did you mean scan? See: portcurfew --help",
        "silence lst|Unknown command: lst. Did you mean list? See: portcurfew silence --help",
        "scan extra|Unexpected argument: extra. See: portcurfew scan --help",
        "scan --port x|is not a number. See: portcurfew scan --help",
        "explain nosuchservice|Try 611, 611/tcp, ssh",
        "explain nmpp-gui|Did you mean npmp-gui?",
        "explain SSSH|Did you mean ssh?",
        "help scna|Unknown command: scna. Did you mean scan?",
        "scan -o jsno|Did you mean json?",
        "judge --as lsfo x|Did you mean lsof?",
        "scan --port 70000|expected 1 to 65535",
        "scan --output xml|expected one of [table, json, csv, prometheus] but was 'xml'",
        "scan --watch --quiet|--watch prints tables"
      })
  void mistake_isOneLineWithTheNearestWord(String line, String expected) {
    CommandLines.Ended ended = CommandLines.run(line.split(" ", -1));
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.text().lines()).hasSize(1);
    assertThat(ended.text()).startsWith("portcurfew: ").contains(expected);
  }

  @Test
  void noCommand_printsTheList() {
    CommandLines.Ended ended = CommandLines.run();
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.text()).contains("A command is required", "scan", "explain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scan", "run", "check"})
  void helpOfACommand_isItsHelp(String command) {
    assertThat(CommandLines.run("help", command).text())
        .isEqualTo(CommandLines.run(command, "--help").text())
        .contains("Exit status");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scan", "run"})
  void frequentCommand_loadsNoOther(String command) {
    assertThat(Cli.commandLineFor(command, "--help").getSubcommands()).containsOnlyKeys(command);
    assertThat(Cli.commandLineFor("--help", command).getSubcommands()).containsKeys("check", "run");
    assertThat(CommandLines.run(command, "--version").text())
        .isEqualTo(CommandLines.run("--version").text());
  }

  @Test
  void everyCommand_listsItsExitStatuses() {
    check(CommandLines.all());
  }

  private static void check(CommandLine line) {
    line.getSubcommands()
        .forEach(
            (name, command) -> {
              boolean runs = command.getSubcommands().isEmpty();
              if (runs && !command.getCommandSpec().usageMessage().hidden()) {
                assertThat(command.getUsageMessage()).as(name).contains("Exit status");
              }
              check(command);
            });
  }
}
