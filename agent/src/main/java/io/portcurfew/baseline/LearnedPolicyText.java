package io.portcurfew.baseline;

import io.portcurfew.config.policy.LearnedFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes what was learnt as a file to review. Nothing in it changes from one day to the next where
 * the host did not change: when a rule was learnt stands in the rule.
 */
public final class LearnedPolicyText {

  /** More lines than this are counted: nobody reads them, and the file has to stay small. */
  private static final int MOST = 100;

  private static final List<String> HEAD =
      List.of(
          "It allows what listened on one host, and nobody has approved it before you:",
          "  take out each rule that the host does not need,",
          "  and say why it is needed in the because of each that stays.",
          "A rule that was changed stays as it is when the baseline is learnt again.",
          "It works with a policy.yaml beside it that denies the rest:",
          "  version: 1",
          "  default: deny",
          "  include: [baseline.yaml]",
          "  rules: []",
          "Sockets that look like those of UDP clients are not in it.");

  private LearnedPolicyText() {}

  /** The whole file. */
  public static String of(LearnedBaseline learnt) {
    List<String> remarks = new ArrayList<>(HEAD);
    add(remarks, "not approved: ", learnt.notApproved());
    add(remarks, "left to the policy: ", learnt.decided());
    add(remarks, "not seen: ", learnt.gaps());
    remarks.add("");
    return LearnedFile.text(learnt.rules(), remarks);
  }

  private static void add(List<String> remarks, String what, List<String> lines) {
    if (!lines.isEmpty()) {
      remarks.add("");
    }
    lines.stream().limit(MOST).forEach(line -> remarks.add(what + line));
    if (lines.size() > MOST) {
      remarks.add(what + "and " + (lines.size() - MOST) + " more");
    }
  }
}
