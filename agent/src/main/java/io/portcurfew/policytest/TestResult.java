package io.portcurfew.policytest;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.policy.Policy;
import java.util.ArrayList;
import java.util.List;

/**
 * How a test ended.
 *
 * @param differences empty where it passed
 */
public record TestResult(PolicyTest test, List<Mismatch> differences) {

  public TestResult {
    differences = List.copyOf(differences);
  }

  /** Whether all is as expected. */
  public boolean passed() {
    return differences.isEmpty();
  }

  static TestResult of(Policy policy, PolicyTest test) {
    Judgement got = Judge.judge(policy, test.snapshot(), List.of());
    ExpectedJudgement expected = test.expected();
    List<Mismatch> differences = new ArrayList<>();
    if (expected.findings() != null) {
      differences.addAll(FindingMismatches.between(expected.findings(), got.findings()));
    }
    expected.verdicts().stream()
        .flatMap(verdict -> VerdictMismatch.between(verdict, got.rulings()).stream())
        .forEach(differences::add);
    if (expected.compliant() != null && expected.compliant() != got.compliant()) {
      differences.add(
          new Mismatch(
              "compliant", expected.compliant().toString(), Boolean.toString(got.compliant())));
    }
    return new TestResult(test, differences);
  }
}
