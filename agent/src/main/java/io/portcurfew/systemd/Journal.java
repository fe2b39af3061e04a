package io.portcurfew.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Detects an output that is connected to the journal of systemd (systemd.exec(5), JOURNAL_STREAM).
 */
public final class Journal {

  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private Journal() {}

  /** True if the standard output of this process is a stream of the journal. */
  public static boolean isStandardOutput(Map<String, String> environment) {
    return is(STANDARD_OUTPUT, environment);
  }

  /**
   * Compares the file with the variable, since a process with another output inherits the variable.
   */
  static boolean is(Path output, Map<String, String> environment) {
    String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> file = Files.readAttributes(output, "unix:dev,ino");
      return stream.equals(file.get("dev") + ":" + file.get("ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
