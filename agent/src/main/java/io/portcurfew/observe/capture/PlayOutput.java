package io.portcurfew.observe.capture;

import io.portcurfew.process.ByteText;
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

  private static final String UNREAD = "a result of its play is not read";

  private static final Pattern BANNER =
      Pattern.compile(
          "(?:PLAY|TASK|RUNNING HANDLER|PLAY RECAP)\\b.{0,200}\\*{2,}\\s*+"
              + "|\\S{1,253}\\s+: (?:\\w{1,20}=\\d{1,9}(?:\\s++|\\z)){1,10}+");

  private static final Pattern RESULT =
      Pattern.compile(
          "(?s)(ok|changed|fatal|failed|skipping): \\[([^\\]\\s]{1,253})](?: => \\(item=[^\\n"
              + "]{0,200}\\))?(?:: (FAILED|UNREACHABLE)!)?(?: =>(?: (.*))?)?\\s*+");

  /** A value of the callback yaml in the line of the host, as in {@code changed=true}. */
  private static final Pattern VALUES = Pattern.compile("(?:\\w{1,40}=\\S{0,200}\\s*+)*+");

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

  /**
   * Returns the outputs in the YAML below a result; none if its task printed nothing. A row that is
   * not in them is a problem of the host.
   */
  static List<HostCapture> yaml(PlayResult result, List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    List<HostCapture> found =
        YamlText.values(ByteText.decoded(text))
            .map(values -> AnsibleJson.of(result.host(), values))
            .orElse(List.of());
    List<HostCapture> outputs = new ArrayList<>();
    found.stream().filter(one -> result.failed() || isOutput(one)).forEach(outputs::add);
    boolean unread = outputs.isEmpty() && lines.stream().anyMatch(UnreadRows::isRow);
    if (unread || !VALUES.matcher(result.below()).matches()) {
      outputs.add(new HostCapture(result.host(), "", List.of(UNREAD)));
    }
    if (result.failed()) {
      outputs.add(new HostCapture(result.host(), "", List.of("ansible says failed")));
    }
    return outputs;
  }

  /** True unless a command printed nothing and ended well, as one of another task may. */
  private static boolean isOutput(HostCapture one) {
    return !one.problems().equals(List.of(AnsibleJson.EMPTY));
  }
}
