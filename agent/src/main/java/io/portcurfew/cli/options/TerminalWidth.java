package io.portcurfew.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The width of the terminal to which standard output goes. */
public final class TerminalWidth {

  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
  private static final int LEAST = 40;

  private TerminalWidth() {}

  /** The width in characters; 0 if standard output is no terminal. */
  public static int of(CommandSpec spec) {
    return isTerminal(STANDARD_OUTPUT) ? of(System.getenv(), detected(spec)) : 0;
  }

  /** COLUMNS is what the user wants; a script or a test may set it. */
  static int of(Map<String, String> environment, int detected) {
    String columns = environment.getOrDefault("COLUMNS", "");
    int wanted = columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : detected;
    return Math.max(LEAST, wanted);
  }

  private static int detected(CommandSpec spec) {
    return spec.usageMessage().autoWidth(true).width();
  }

  /** True if standard error is a terminal. */
  static boolean isErrorTerminal() {
    return isTerminal(STANDARD_ERROR);
  }

  /** This descriptor alone counts: input may be a pipe (tty(4), pts(4)). */
  private static boolean isTerminal(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notLinux) {
      return Ansi.AUTO.enabled();
    }
  }
}
