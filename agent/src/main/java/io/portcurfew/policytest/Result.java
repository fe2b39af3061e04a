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
public record Result(PolicyTest test, List<Difference> differences) {

  public Result {
    differences = List.copyOf(differences);
  }

  /** Whether all is as expected. */
  public boolean passed() {
    return differences.isEmpty();
  }

  static Result of(Policy policy, PolicyTest test) {
    Judgement got = Judge.judge(policy, test.snapshot(), List.of());
    Expected expected = test.expected();
    List<Difference> differences = new ArrayList<>();
    if (expected.findings() != null) {
      differences.addAll(FindingDifferences.between(expected.findings(), got.findings()));
    }
    expected.verdicts().stream()
        .flatMap(verdict -> VerdictDifference.between(verdict, got.rulings()).stream())
        .forEach(differences::add);
    if (expected.compliant() != null && expected.compliant() != got.compliant()) {
      differences.add(
          new Difference(
              "compliant", expected.compliant().toString(), Boolean.toString(got.compliant())));
    }
    return new Result(test, differences);
  }
}
