package io.portcurfew.policytest;

import io.portcurfew.policy.Policy;
import java.util.List;

/**
 * A file of tests.
 *
 * @param name fit to be shown
 * @param policy what they test
 */
public record TestFile(String name, Policy policy, List<PolicyTest> tests) {

  public TestFile {
    tests = List.copyOf(tests);
  }

  /** Runs all tests, in their order. */
  public Ran run() {
    return new Ran(name, tests.stream().map(test -> Result.of(policy, test)).toList());
  }
}
