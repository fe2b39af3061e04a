package io.portcurfew.baseline;

import io.portcurfew.config.policy.LearnedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a learned baseline as a file to review. The file is equal on every day while the host does
 * not change: only a rule contains the day on which it was learned.
 */
public final class LearnedPolicyText {

  /** The most lines of one kind; further lines are only counted, to keep the file small. */
  private static final int MOST = 100;

  private static final List<String> HEAD =
      List.of(
          "It allows the listeners and other sockets of one host. Nobody has approved it yet:",
          "  remove each rule that the host does not need,",
          "  and write the reason for every other rule into its because.",
          "Learning the baseline again does not change edited rules.",
          "Use it with a policy.yaml beside it that denies everything else:",
          "  version: 1",
          "  default: deny",
          "  include: [baseline.yaml]",
          "  rules: []",
          "It does not contain sockets that look like UDP clients.");

  private LearnedPolicyText() {}

  /** The text of the file. */
  public static String of(LearnedBaseline baseline) {
    List<String> remarks = new ArrayList<>(HEAD);
    add(remarks, "not approved: ", baseline.notApproved());
    add(remarks, "left to the policy: ", baseline.decided());
    add(remarks, "not seen: ", baseline.gaps());
    remarks.add("");
    return LearnedFile.text(baseline.rules(), remarks);
  }

  private static void add(List<String> remarks, String label, List<String> lines) {
    if (!lines.isEmpty()) {
      remarks.add("");
    }
    lines.stream().limit(MOST).forEach(line -> remarks.add(label + line));
    if (lines.size() > MOST) {
      remarks.add(label + "and " + (lines.size() - MOST) + " more");
    }
  }
}
