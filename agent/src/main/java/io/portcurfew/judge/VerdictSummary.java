package io.portcurfew.judge;

import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.FindingType;
import io.portcurfew.text.CountedNoun;
import java.util.List;

/**
 * A verdict in few words. Listeners that may be hidden and owners that are not visible are counted
 * separately: only hidden listeners make a list of listeners incomplete.
 *
 * @param blind true if listeners may be missing
 * @param breaches the number of findings against the policy
 * @param untested the number of listeners whose owner a rule names but the agent does not know
 * @param hiddenOwners the number of the other listeners whose owner is not visible
 * @param agent the number of conditions of the agent itself
 * @param listeners the number of listeners
 */
public record VerdictSummary(
    boolean blind, int breaches, int untested, int hiddenOwners, int agent, int listeners) {

  /** The word for a verdict. */
  public enum Word {
    /** Nothing differs from the policy. */
    COMPLIANT,
    /** The policy could not be tested everywhere, and no breach is known. */
    INCOMPLETE,
    /** The policy is broken. */
    NOT_COMPLIANT;

    /** The word for people, in capital letters. */
    public String words() {
      return name().replace('_', ' ');
    }
  }

  /** Summarises a judged snapshot. */
  public static VerdictSummary of(JudgedSnapshot host) {
    List<Finding> findings = host.judgement().findings();
    int untested = count(findings, FindingKind.OWNER_UNKNOWN);
    long unknown =
        host.snapshot().listeners().stream()
            .filter(l -> l.owners().isEmpty() && l.via() == null)
            .filter(l -> l.unknownOwner() != UnknownOwner.KERNEL)
            .count();
    long noOwnerAndUntested =
        findings.stream()
            .filter(f -> f.kind() == FindingKind.OWNER_UNKNOWN && f.owners().isEmpty())
            .count();
    return new VerdictSummary(
        !host.snapshot().complete() || count(findings, FindingKind.BLIND) > 0,
        (int) findings.stream().filter(finding -> finding.kind().isBreach()).count(),
        untested,
        (int) Math.max(0, unknown - noOwnerAndUntested),
        (int) findings.stream().filter(finding -> !finding.kind().isAboutHost()).count(),
        host.snapshot().listeners().size());
  }

  private static int count(List<Finding> findings, FindingType kind) {
    return (int) findings.stream().filter(finding -> finding.kind() == kind).count();
  }

  /** The word for it. */
  public Word word() {
    if (breaches > 0) {
      return Word.NOT_COMPLIANT;
    }
    return blind || untested > 0 || agent > 0 ? Word.INCOMPLETE : Word.COMPLIANT;
  }

  /** The reason in one sentence without a full stop; blindness comes first. */
  public String reason() {
    String found = CountedNoun.of(breaches, "finding");
    if (blind) {
      return "Blind: no source saw all listeners, so open ports may be missing"
          + (breaches > 0 ? "; " + found + " already" : "");
    }
    if (breaches > 0) {
      return found + " against the policy";
    }
    if (untested > 0) {
      return "The policy names an owner for "
          + CountedNoun.of(untested, "listener")
          + " whose owner could not be determined";
    }
    if (agent > 0) {
      return "No finding, but " + CountedNoun.of(agent, "problem") + " of the agent itself";
    }
    return "Every listener is as the policy expects" + hidden();
  }

  /** The owners that are not visible, as an addition to another text; empty if there are none. */
  public String hidden() {
    return hiddenOwners == 0 ? "" : "; " + CountedNoun.of(hiddenOwners, "owner") + " not visible";
  }
}
