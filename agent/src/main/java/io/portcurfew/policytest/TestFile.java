package io.portcurfew.policytest;

import io.portcurfew.policy.Policy;
import java.util.List;

/**
 * A file of tests.
 *
 * @param name safe to show
 * @param policy the tested policy
 */
public record TestFile(String name, Policy policy, List<PolicyTest> tests) {

  public TestFile {
    tests = List.copyOf(tests);
  }

  /** Runs all tests, in their order. */
  public TestReport run() {
    return new TestReport(name, tests.stream().map(test -> TestResult.of(policy, test)).toList());
  }
}
