package io.portcurfew.observe.capture;

import io.portcurfew.observe.command.Format;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command that a capture shows above its output. It may show that the output is only a part:
 * one family, one port, one process, the first lines.
 */
final class ShownCommand {

  /** Programs that remove no line. */
  private static final Set<String> HARMLESS =
      Set.of(
          "cat",
          "tee",
          "less",
          "more",
          "column",
          "sort",
          "tr",
          "nl",
          "ts",
          "Format-Table",
          "Format-List",
          "ft",
          "fl",
          "ConvertTo-Csv",
          "ConvertTo-Json",
          "Export-Csv",
          "Out-File",
          "Out-String",
          "Select-Object",
          "select",
          "Sort-Object",
          "clip");

  /** Options of PowerShell's Select-Object that keep some rows. */
  private static final Pattern FEWER =
      Pattern.compile("(?i)\\s-(?:First|Last|Skip|Index|Unique)\\b");

  private static final Pattern REDIRECT = Pattern.compile("\\d?>>?\\s?(?:&\\d|\\S+)");

  private ShownCommand() {}

  /** Returns the reason for which the output of the command may lack listeners. */
  static Optional<String> limit(Format format, String command) {
    String plain = REDIRECT.matcher(command.replaceAll("[\"']", " ")).replaceAll(" ");
    return Arrays.stream(plain.split(";|&&"))
        .map(one -> limitOfOne(format, one))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> limitOfOne(Format format, String command) {
    List<String> stages = Arrays.asList(command.split("\\|"));
    List<String> words = words(stages.get(0));
    int tool = toolAt(format, words);
    if (tool < 0) {
      return Optional.empty();
    }
    for (String stage : stages.subList(1, stages.size())) {
      String program =
          words(stage).stream().filter(word -> !word.equals("sudo")).findFirst().orElse("");
      if (!HARMLESS.contains(program) || FEWER.matcher(stage).find()) {
        return Optional.of("its command removes lines by " + program);
      }
    }
    List<String> options = words.subList(tool + 1, words.size());
    String all = String.join(" ", options);
    if (format == Format.SOCKSTAT && all.contains("4") != all.contains("6")) {
      return Optional.of("its command limits the output by " + all);
    }
    return harmless(format).stream()
        .flatMap(known -> options.stream().filter(word -> !known.matcher(word).matches()))
        .findFirst()
        .map(word -> "its command limits the output by " + word);
  }

  private static List<String> words(String text) {
    return Arrays.asList(text.trim().split("\\s+"));
  }

  private static int toolAt(Format format, List<String> words) {
    String tool =
        switch (format) {
          case SS -> "ss";
          case LSOF, LSOF_FIELDS -> "lsof";
          case NETSTAT_LINUX, NETSTAT_MACOS, NETSTAT_WINDOWS -> "netstat";
          case SOCKSTAT -> "sockstat";
          case GET_NETTCPCONNECTION -> "Get-Net";
          default -> "";
        };
    for (int i = 0; i < words.size(); i++) {
      String name = words.get(i).substring(words.get(i).lastIndexOf('/') + 1);
      boolean cmdlet = tool.equals("Get-Net") && name.startsWith(tool);
      if (!tool.isEmpty() && (cmdlet || name.equals(tool) || name.equals(tool + ".exe"))) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the pattern of options that remove no listener of TCP or UDP. */
  private static Optional<Pattern> harmless(Format format) {
    return switch (format) {
      case SS ->
          Optional.of(
              Pattern.compile(
                  "-[tulnpaeomiOHZzTbrhSdwMx]+|--(?:tcp|udp|listening|numeric|processes|all|extended"
                      + "|oneline|no-header|memory|info|options|threads|context)"));
      case LSOF, LSOF_FIELDS ->
          Optional.of(
              Pattern.compile(
                  "-[nPwlROKQXS]+\\d?|-[nPwl]{0,4}i(?:TCP|UDP|tcp|udp)?|-i|(?:TCP|UDP|tcp|udp)"
                      + "|-sTCP:LISTEN|\\+c|\\+?c?\\d+|-F\\S*|-T\\S*|-V"));
      case NETSTAT_LINUX ->
          Optional.of(
              Pattern.compile(
                  "-[tulnpaeoWvcTZ]+|[tulnpaeW]+|--(?:tcp|udp|listening|numeric|program|programs"
                      + "|all|extend|wide|timers|verbose|numeric-hosts|numeric-ports)"));
      case NETSTAT_MACOS -> Optional.of(Pattern.compile("-[anvblWT]+"));
      case NETSTAT_WINDOWS -> Optional.of(Pattern.compile("[-/][anobqtyfANOBQTYF]+"));
      case SOCKSTAT -> Optional.of(Pattern.compile("-[46lnqwsvcfiCSUAb]+"));
      case GET_NETTCPCONNECTION -> Optional.of(Pattern.compile("(?i)-State|Listen"));
      default -> Optional.empty();
    };
  }
}
