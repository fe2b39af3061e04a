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

/** Holds expected findings against those that were made, whatever the order of either. */
final class FindingMismatches {

  private final List<Finding> left;
  private final List<Mismatch> differences = new ArrayList<>();

  private FindingMismatches(List<Finding> got) {
    this.left = new ArrayList<>(got);
  }

  static List<Mismatch> between(List<OneFinding> expected, List<Finding> got) {
    FindingMismatches found = new FindingMismatches(got);
    List<OneFinding> unmet = new ArrayList<>(expected);
    unmet.removeIf(wanted -> found.take(finding -> isMet(wanted, finding)) != null);
    unmet.forEach(found::missed);
    found.left.forEach(
        extra -> found.differences.add(new Mismatch("finding", null, words(extra, false))));
    return found.differences;
  }

  /** Stands beside what was found of the same endpoint instead. */
  private void missed(OneFinding wanted) {
    Finding instead = take(finding -> Objects.equals(finding.endpoint(), wanted.endpoint()));
    boolean severity = wanted.severity() != null;
    String words =
        words(wanted.severity(), wanted.kind().label(), wanted.rule(), wanted.endpoint());
    differences.add(
        new Mismatch("finding", words, instead == null ? null : words(instead, severity)));
  }

  private @Nullable Finding take(Predicate<Finding> fits) {
    for (int i = 0; i < left.size(); i++) {
      if (fits.test(left.get(i))) {
        return left.remove(i);
      }
    }
    return null;
  }

  private static boolean isMet(OneFinding wanted, Finding got) {
    return wanted.kind() == got.kind()
        && wanted.rule().equals(got.rule())
        && Objects.equals(wanted.endpoint(), got.endpoint())
        && (wanted.severity() == null || wanted.severity() == got.severity());
  }

  private static String words(Finding finding, boolean severity) {
    return words(
        severity ? finding.severity() : null,
        finding.kind().label(),
        finding.rule(),
        finding.endpoint());
  }

  private static String words(
      @Nullable Severity severity, String kind, String rule, @Nullable Endpoint endpoint) {
    return (severity == null ? "" : severity.label() + " ")
        + kind
        + (" [" + rule + "] ")
        + (endpoint == null ? "the whole host" : endpoint);
  }
}
