package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpWrapperTest {

  private static List<CommandLine> commands() {
    List<CommandLine> all = new ArrayList<>();
    add(CommandLines.all(), all);
    return all;
  }

  private static void add(CommandLine line, List<CommandLine> into) {
    into.add(line);
    line.getSubcommands().values().forEach(command -> add(command, into));
  }

  private static String help(CommandLine command, int width, Ansi ansi) {
    command.getCommandSpec().usageMessage().autoWidth(false).width(width);
    return command.getUsageMessage(ansi);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 100, 132})
  void everyWidth_breaksNoWord(int width) {
    for (CommandLine command : commands()) {
      String name = command.getCommandSpec().qualifiedName();
      String text = help(command, width, Ansi.OFF);
      assertThat(words(text)).as(name).isEqualTo(words(help(command, 2_000, Ansi.OFF)));
      assertThat(text.lines())
          .as(name)
          .allMatch(line -> line.length() <= width || !line.strip().contains(" "));
    }
  }

  @Test
  void listOfCommands_hasOneSentenceOfEach() {
    for (CommandLine command : commands()) {
      List<String> list =
          help(command, 2_000, Ansi.OFF)
              .lines()
              .dropWhile(line -> !line.equals("Commands:"))
              .skip(1)
              .takeWhile(line -> line.startsWith("  "))
              .toList();
      assertThat(list)
          .as(command.getCommandSpec().qualifiedName())
          .hasSize((int) shown(command))
          .allMatch(line -> line.strip().matches("\\S+ +[A-Z]((?!\\. ).)*\\."));
    }
  }

  private static long shown(CommandLine command) {
    return command.getSubcommands().values().stream()
        .filter(below -> !below.getCommandSpec().usageMessage().hidden())
        .count();
  }

  @Test
  void styles_changeNoLine() {
    for (CommandLine command : commands()) {
      assertThat(help(command, 80, Ansi.ON).replaceAll("\u001b\\[[0-9;]*m", ""))
          .isEqualTo(help(command, 80, Ansi.OFF));
    }
  }

  @Test
  void furtherLines_areIndentedMoreThanTheDescription() {
    CommandLine doctor = CommandLines.all().getSubcommands().get("doctor");
    assertThat(help(doctor, 80, Ansi.OFF))
        .contains("\n                         [--web.config.file=FILE]\n")
        .contains("  The config of the agent. Default:\n                          /etc/");
  }
}
