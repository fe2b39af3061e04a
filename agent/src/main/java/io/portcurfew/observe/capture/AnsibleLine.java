package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line with which ansible starts the result of a host: {@code web-1 | CHANGED | rc=0 >>}, with
 * {@code -o} the whole result in one line (plugins minimal and oneline of ansible-core), or {@code
 * web-1 | SUCCESS => } and an object.
 *
 * @param text the output in the line itself
 * @param json the part of an object in the line, if one follows
 */
record AnsibleLine(String host, String text, @Nullable String json, List<String> problems) {

  private static final Pattern LINE =
      Pattern.compile(
          "(?s)(\\S{1,253}) \\| (SUCCESS|CHANGED|FAILED|UNREACHABLE)!?(?: \\| rc=(-?\\d{1,6}))?"
              + "(?: >>| => (\\{.*)| \\| \\(stdout\\) ?(.*)|: (.*))?\\s*");

  private static final String ERRORS = " (stderr) ";

  AnsibleLine {
    problems = List.copyOf(problems);
  }

  /**
   * Parses such a line.
   *
   * @param ended true if it has a line end; without one it may be truncated
   */
  static Optional<AnsibleLine> parse(String line, boolean ended) {
    if (line.indexOf(" | ") < 0) {
      return Optional.empty();
    }
    Matcher found = LINE.matcher(line);
    if (!found.matches()) {
      return Optional.empty();
    }
    List<String> problems = new ArrayList<>();
    String state = found.group(2);
    String status = found.group(3);
    boolean failed = state.equals("FAILED") || state.equals("UNREACHABLE");
    if (failed) {
      problems.add("ansible says " + state);
    }
    if (status != null && !status.equals("0")) {
      problems.add("the command ended with exit status " + status);
    }
    // The reason of a failure is not output.
    String message = failed ? null : found.group(6);
    String output = found.group(5) == null ? message : found.group(5);
    String text = output == null ? "" : ended ? ended(unescaped(output)) : unescaped(output);
    return Optional.of(new AnsibleLine(found.group(1), text, found.group(4), problems));
  }

  /**
   * Restores the end of the output of a command. Ansible removes the last line end and the spaces
   * before it; without them the last row would look truncated.
   */
  static String ended(String output) {
    String text = output.endsWith("\n") ? output.substring(0, output.length() - 1) : output;
    return text.isEmpty() ? "" : text + (text.contains(" \n") ? " \n" : "\n");
  }

  /**
   * Decodes line ends. A name that contains a backslash and an n makes a line that is not a row,
   * which becomes a gap.
   */
  private static String unescaped(String output) {
    int errors = output.lastIndexOf(ERRORS);
    String all =
        errors < 0
            ? output
            : output.substring(0, errors) + "\n" + output.substring(errors + ERRORS.length());
    return all.replace("\\r", "").replace("\\n", "\n");
  }
}
