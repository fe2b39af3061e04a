package io.portcurfew.policytest;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.policy.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a test.
 *
 * @param mismatches empty if the test passed
 */
public record TestResult(PolicyTest test, List<Mismatch> mismatches) {

  public TestResult {
    mismatches = List.copyOf(mismatches);
  }

  /** True if the result is as expected. */
  public boolean passed() {
    return mismatches.isEmpty();
  }

  static TestResult of(Policy policy, PolicyTest test) {
    Judgement got = Judge.judge(policy, test.snapshot(), List.of());
    ExpectedJudgement expected = test.expected();
    List<Mismatch> mismatches = new ArrayList<>();
    if (expected.findings() != null) {
      mismatches.addAll(FindingMismatches.between(expected.findings(), got.findings()));
    }
    expected.verdicts().stream()
        .flatMap(verdict -> VerdictMismatch.between(verdict, got.rulings()).stream())
        .forEach(mismatches::add);
    if (expected.compliant() != null && expected.compliant() != got.compliant()) {
      mismatches.add(
          new Mismatch(
              "compliant", expected.compliant().toString(), Boolean.toString(got.compliant())));
    }
    return new TestResult(test, mismatches);
  }
}
