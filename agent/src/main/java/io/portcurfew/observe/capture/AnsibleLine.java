package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line with which ansible begins the result of a host: {@code web-1 | CHANGED | rc=0 >>}, with
 * {@code -o} the whole result in one line (the plugins minimal and oneline of ansible-core), or
 * {@code web-1 | SUCCESS => } and an object.
 *
 * @param text what stands in the line itself
 * @param json where an object follows, what the line has of it
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
   * Reads such a line.
   *
   * @param ended whether it has a line end: without one it may be cut
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
    if (state.equals("FAILED") || state.equals("UNREACHABLE")) {
      problems.add("ansible says " + state);
    }
    if (status != null && !status.equals("0")) {
      problems.add("the command ended with exit status " + status);
    }
    String output = found.group(5);
    String text = output == null ? "" : ended ? ended(unescaped(output)) : unescaped(output);
    return Optional.of(new AnsibleLine(found.group(1), text, found.group(4), problems));
  }

  /**
   * What a command printed, of which ansible has taken the line end and the blanks before it: they
   * are there again where other lines have them, so that the last row does not look cut.
   */
  static String ended(String output) {
    String text = output.endsWith("\n") ? output.substring(0, output.length() - 1) : output;
    return text.isEmpty() ? "" : text + (text.contains(" \n") ? " \n" : "\n");
  }

  /** A name that holds a backslash and an n itself makes a line that is no row, so a gap. */
  private static String unescaped(String output) {
    int errors = output.lastIndexOf(ERRORS);
    String all =
        errors < 0
            ? output
            : output.substring(0, errors) + "\n" + output.substring(errors + ERRORS.length());
    return all.replace("\\r", "").replace("\\n", "\n");
  }
}
