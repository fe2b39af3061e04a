package io.portcurfew.cli.init;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the questions of {@code init}, and the files that follow from them.
 *
 * @param webhook the receiver's URL; {@code null} for none
 * @param closed true if every port is closed unless a rule allows it
 * @param learn true to write rules for the current listeners
 * @param listen the address of metrics and page
 */
record InitAnswers(@Nullable String webhook, boolean closed, boolean learn, String listen) {

  /** The address of an agent without a config. */
  static final String LISTEN = "127.0.0.1:10611";

  static final String POLICY = "policy.yaml";
  static final String BASELINE = "baseline.yaml";

  /** Nothing that would have to be escaped in YAML. */
  private static final Pattern URL = Pattern.compile("https?://[^\\s\"'\\\\]{1,500}");

  private static final Pattern ADDRESS =
      Pattern.compile("(?:[0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}]):[0-9]{1,5}");

  private static final Pattern DEFAULT = Pattern.compile("(?m)^default: .*$");

  /** The mistake in a URL; {@code null} if there is none. */
  static @Nullable String problemOfWebhook(String text) {
    return text.equals("none") || URL.matcher(text).matches()
        ? null
        : "Expected a URL like https://hooks.example.org/portcurfew, or none.";
  }

  /** The mistake in an address; {@code null} if there is none. */
  static @Nullable String problemOfListen(String text) {
    return ADDRESS.matcher(text).matches()
        ? null
        : "Expected an IP address and a port, like " + LISTEN + ".";
  }

  /** The text of the config. */
  String config() {
    String receivers =
        webhook == null
            ? ""
            : "notify:\n  receivers:\n    - name: ops\n      webhook: {url: \"" + webhook + "\"}\n";
    return "# Written by portcurfew init. The shipped portcurfew.yaml explains every key.\n"
        + "policy: "
        + POLICY
        + "\nweb: {listen: \""
        + listen
        + "\"}\n"
        + receivers;
  }

  /**
   * The text of the policy.
   *
   * @param shipped the shipped policy, whose rules it keeps
   * @param learned true if the baseline file exists
   */
  String policy(String shipped, boolean learned) {
    String start = "default: " + (closed ? "deny" : "allow");
    return DEFAULT
        .matcher(shipped)
        .replaceFirst(learned ? start + "\ninclude: [" + BASELINE + "]" : start);
  }
}
