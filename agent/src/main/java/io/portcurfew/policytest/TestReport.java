package io.portcurfew.policytest;

import java.util.List;

/**
 * The results of the tests of one file.
 *
 * @param name the name of the file, safe to show
 * @param results one per test, in their order
 */
public record TestReport(String name, List<TestResult> results) {

  public TestReport {
    results = List.copyOf(results);
  }

  /** The results of failed tests. */
  public List<TestResult> failed() {
    return results.stream().filter(result -> !result.passed()).toList();
  }
}
