package io.portcurfew.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A {@code console} block: commands after a prompt, each with its output. Volatile parts of an
 * output (times, pids, hashes, blanks of a table) do not count in a comparison, and a line {@code
 * ...} stands for any number of lines.
 */
record Session(List<Step> steps) {

  /** One command and its output. */
  record Step(String command, String output) {

    /** True if this output, as in a page, describes the real one. */
    boolean describes(String real) {
      StringBuilder pattern = new StringBuilder();
      for (String line : steady(output).split("\n", -1)) {
        pattern.append(line.equals("...") ? "(?:.*\n)*" : Pattern.quote(line) + "\n");
      }
      return Pattern.matches(pattern.toString(), steady(real) + "\n");
    }
  }

  static Session of(String body) {
    List<Step> steps = new ArrayList<>();
    String command = null;
    StringBuilder output = new StringBuilder();
    for (String line : body.lines().toList()) {
      if (line.startsWith("$ ")) {
        if (command != null) {
          steps.add(new Step(command, output.toString()));
        }
        command = line.substring(2);
        output.setLength(0);
      } else {
        output.append(line).append('\n');
      }
    }
    if (command != null) {
      steps.add(new Step(command, output.toString()));
    }
    return new Session(steps);
  }

  /** The text without all that differs from one run to the next. */
  static String steady(String text) {
    return text.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("\\d{4}-\\d\\d-\\d\\d", "DATE")
        .replaceAll("pid( +)\\d+", "pid PID")
        .replaceAll("python3\\[\\d+]", "python3[PID]")
        .replaceAll("/\\S+/python3[.0-9]*", "PYTHON")
        .replaceAll("python3-\\d+-", "python3-")
        .replaceAll("/\\S+/bin/java", "JAVA")
        .replaceAll("version=\\S+", "version=VERSION")
        .replaceAll("\\d+ entries", "N entries")
        .replaceAll("Head: \\d+", "Head: N")
        .replaceAll("\\b[0-9a-f]{8}(?:[0-9a-f]{8})?(?:[0-9a-f]{48})?\\b", "HASH")
        .replaceAll(" {2,}", "  ")
        .replaceAll("(?m) +$", "");
  }
}
