package io.portcurfew.policytest;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Severity;
import io.portcurfew.policytest.ExpectedJudgement.OneFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares expected and actual findings in any order. */
final class FindingMismatches {

  private final List<Finding> left;
  private final List<Mismatch> mismatches = new ArrayList<>();

  private FindingMismatches(List<Finding> actual) {
    this.left = new ArrayList<>(actual);
  }

  static List<Mismatch> between(List<OneFinding> expected, List<Finding> actual) {
    FindingMismatches result = new FindingMismatches(actual);
    List<OneFinding> unmet = new ArrayList<>(expected);
    unmet.removeIf(wanted -> result.take(finding -> isMet(wanted, finding)) != null);
    unmet.forEach(result::missed);
    result.left.forEach(
        extra -> result.mismatches.add(new Mismatch("finding", null, text(extra, false))));
    return result.mismatches;
  }

  /** Pairs a missing finding with an actual one about the same endpoint. */
  private void missed(OneFinding wanted) {
    Finding instead = take(finding -> Objects.equals(finding.endpoint(), wanted.endpoint()));
    boolean severity = wanted.severity() != null;
    String text = text(wanted.severity(), wanted.kind().label(), wanted.rule(), wanted.endpoint());
    mismatches.add(new Mismatch("finding", text, instead == null ? null : text(instead, severity)));
  }

  private @Nullable Finding take(Predicate<Finding> fits) {
    for (int i = 0; i < left.size(); i++) {
      if (fits.test(left.get(i))) {
        return left.remove(i);
      }
    }
    return null;
  }

  private static boolean isMet(OneFinding wanted, Finding actual) {
    return wanted.kind() == actual.kind()
        && wanted.rule().equals(actual.rule())
        && Objects.equals(wanted.endpoint(), actual.endpoint())
        && (wanted.severity() == null || wanted.severity() == actual.severity());
  }

  private static String text(Finding finding, boolean severity) {
    return text(
        severity ? finding.severity() : null,
        finding.kind().label(),
        finding.rule(),
        finding.endpoint());
  }

  private static String text(
      @Nullable Severity severity, String kind, String rule, @Nullable Endpoint endpoint) {
    return (severity == null ? "" : severity.label() + " ")
        + kind
        + (" [" + rule + "] ")
        + (endpoint == null ? "the whole host" : endpoint);
  }
}
