package io.portcurfew.policytest;

import java.util.List;

/**
 * How the tests of one file ended.
 *
 * @param name of the file, fit to be shown
 * @param results one a test, in their order
 */
public record TestReport(String name, List<TestResult> results) {

  public TestReport {
    results = List.copyOf(results);
  }

  /** The tests that did not pass. */
  public List<TestResult> failed() {
    return results.stream().filter(result -> !result.passed()).toList();
  }
}
