package io.portcurfew.cli;

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
 * options too, so each part is rendered without a limit first.
 */
final class HelpWrapper {

  private static final int UNLIMITED = 5_000;
  private static final int USUAL = 80;
  private static final int MORE = 2;

  /** An option or a command before its description. */
  private static final Pattern FIRST_COLUMN = Pattern.compile(" {2,}\\S.*? {2,}(?=\\S)");

  private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

  private HelpWrapper() {}

  /** Sets up a command and all below it. */
  static void install(CommandLine line) {
    Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
    line.getHelpSectionMap()
        .forEach((key, section) -> sections.put(key, help -> render(key, section, help)));
    line.setHelpSectionMap(sections);
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
      return wrapped(whole, width, heading, Math.min(indent, width / 2));
    }
    return Stream.of(whole.split("\\R", -1))
        .map(line -> wrapped(line, width, 0, indent(line)))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** The column in which the further lines of a line begin. */
  private static int indent(String line) {
    String plain = plain(line);
    Matcher first = FIRST_COLUMN.matcher(plain);
    int column = first.lookingAt() ? first.end() : plain.length() - plain.stripLeading().length();
    return column == 0 ? 0 : column + MORE;
  }

  /**
   * Breaks one line.
   *
   * @param used the characters that are already on the first line
   * @param indent the spaces before each further line
   */
  private static String wrapped(String line, int width, int used, int indent) {
    StringBuilder out = new StringBuilder();
    int column = used;
    boolean isEmpty = true;
    for (String word : line.split("(?<=\\S) (?=\\S)", -1)) {
      int length = plain(word).length();
      if (!isEmpty && column + 1 + length > width) {
        out.append(System.lineSeparator()).append(" ".repeat(indent));
        column = indent;
      } else if (!isEmpty) {
        out.append(' ');
        column++;
      }
      out.append(word);
      column += length;
      isEmpty = false;
    }
    return out.toString();
  }

  private static String plain(String text) {
    return STYLE.matcher(text).replaceAll("");
  }
}
