package io.portcurfew.observe.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the results of ansible-playbook: {@code changed: [web-1] => } and JSON (callback default
 * with -v), or YAML below it (callback community.general.yaml, result_format=yaml).
 */
final class PlayOutput {

  private static final Pattern BANNER =
      Pattern.compile(
          "(?:PLAY|TASK|RUNNING HANDLER|PLAY RECAP)\\b.{0,200}\\*{2,}\\s*+"
              + "|\\S{1,253}\\s+: ok=\\d+ .{0,200}");

  private static final Pattern RESULT =
      Pattern.compile(
          "(?s)(ok|changed|fatal|failed|skipping): \\[([^\\]\\s]{1,253})](?: => \\(item=[^\\n"
              + "]{0,200}\\))?(?:: (FAILED|UNREACHABLE)!)?(?: =>(?: (.*))?)?\\s*+");

  private static final Pattern BLOCK =
      Pattern.compile("( *)(?:[\\w.]{0,80}\\.)?stdout: [|>][-+]?\\d?\\s*+");
  private static final Pattern STATUS = Pattern.compile(" *rc: (\\d{1,6})\\s*+");

  private PlayOutput() {}

  /** True for a title, or a line of the recap: the output of a host ends before it. */
  static boolean isBanner(String line) {
    return BANNER.matcher(line).matches();
  }

  /**
   * The start of the result of a host.
   *
   * @param below the text after the arrow: an object of JSON, or the beginning of YAML
   */
  record PlayResult(String host, boolean failed, String below) {

    boolean isJson() {
      return below.startsWith("{");
    }
  }

  /** Parses the first line of a result. */
  static Optional<PlayResult> result(String line) {
    Matcher found = RESULT.matcher(line);
    if (!found.matches()) {
      return Optional.empty();
    }
    String state = found.group(1);
    boolean failed = state.equals("fatal") || state.equals("failed") || found.group(3) != null;
    String below = found.group(4) == null ? "" : found.group(4).strip();
    return Optional.of(new PlayResult(found.group(2), failed, below));
  }

  /** Returns the output in the YAML below a result; empty if a task printed none. */
  static Optional<HostCapture> yaml(PlayResult result, List<String> lines) {
    List<String> problems = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    boolean found = false;
    int block = -1;
    int margin = -1;
    for (String line : lines) {
      int blanks =
          line.isBlank() ? Integer.MAX_VALUE : line.length() - line.stripLeading().length();
      Matcher start = BLOCK.matcher(line);
      Matcher status = STATUS.matcher(line);
      if (block >= 0 && blanks > block) {
        margin = margin < 0 && !line.isBlank() ? blanks : margin;
        text.append(line.substring(Math.min(line.length(), Math.max(0, margin)))).append('\n');
      } else if (start.matches()) {
        block = start.group(1).length();
        found = true;
      } else {
        block = -1;
        if (status.matches() && !status.group(1).equals("0")) {
          problems.add("the command ended with exit status " + status.group(1));
        }
      }
    }
    if (result.failed()) {
      problems.add("ansible says failed");
    }
    return found || result.failed()
        ? Optional.of(new HostCapture(result.host(), text.toString(), problems))
        : Optional.empty();
  }
}
