package io.portcurfew.cli;

import io.portcurfew.cli.text.WordWrap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Breaks the lines of the help between words only. Picocli breaks them within paths, endpoints and
 * options too, so each part is rendered without a limit first. A list of commands has the first
 * sentence of each, where picocli has the first line of its description, which may end within one.
 */
final class HelpWrapper {

  private static final int UNLIMITED = 5_000;
  private static final int USUAL = 80;
  private static final int MORE = 2;

  /** An option or a command before its description. */
  private static final Pattern FIRST_COLUMN = Pattern.compile(" {2,}\\S.*? {2,}(?=\\S)");

  /** The end of a sentence that another one follows. */
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=\\.)\\s+");

  private HelpWrapper() {}

  /** Sets up a command and all below it. */
  static void install(CommandLine line) {
    Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
    line.getHelpSectionMap()
        .forEach((key, section) -> sections.put(key, help -> render(key, section, help)));
    String list = UsageMessageSpec.SECTION_KEY_COMMAND_LIST;
    sections.put(list, help -> render(list, HelpWrapper::commandList, help));
    line.setHelpSectionMap(sections);
  }

  /** The commands below one, each with the first sentence of its description. */
  private static String commandList(Help help) {
    int longest = help.subcommands().keySet().stream().mapToInt(String::length).max().orElse(0);
    return help.subcommands().entrySet().stream()
        .map(
            command ->
                "  %s%s  %s%n"
                    .formatted(
                        help.colorScheme().commandText(command.getKey()),
                        " ".repeat(longest - command.getKey().length()),
                        firstSentence(command.getValue().commandSpec().usageMessage())))
        .collect(Collectors.joining());
  }

  /** The first sentence of a description, whose lines may end within it. */
  static String firstSentence(UsageMessageSpec usage) {
    return SENTENCE_END.split(String.join(" ", usage.description()).strip(), 2)[0];
  }

  private static String render(String key, IHelpSectionRenderer section, Help help) {
    UsageMessageSpec usage = help.commandSpec().usageMessage();
    boolean auto = usage.autoWidth();
    int width = usage.width();
    usage.autoWidth(false).width(UNLIMITED);
    String whole;
    try {
      whole = section.render(help);
    } finally {
      usage.autoWidth(auto).width(auto ? USUAL : width);
    }
    if (key.equals(UsageMessageSpec.SECTION_KEY_SYNOPSIS)) {
      int heading = help.synopsisHeadingLength();
      int indent = heading + help.commandSpec().qualifiedName().length() + 1;
      return WordWrap.of(whole, width, heading, Math.min(indent, width / 2));
    }
    return Stream.of(whole.split("\\R", -1))
        .map(line -> WordWrap.of(line, width, 0, indent(line)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** The column in which the further lines of a line begin. */
  private static int indent(String line) {
    String plain = WordWrap.plain(line);
    Matcher first = FIRST_COLUMN.matcher(plain);
    int column = first.lookingAt() ? first.end() : plain.length() - plain.stripLeading().length();
    return column == 0 ? 0 : column + MORE;
  }
}
