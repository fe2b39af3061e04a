package io.portcurfew.cli;

import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.TestFiles;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.policytest.DiffText;
import io.portcurfew.policytest.JUnitXml;
import io.portcurfew.policytest.Mismatch;
import io.portcurfew.policytest.TestFile;
import io.portcurfew.policytest.TestReport;
import io.portcurfew.policytest.TestResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code test}: runs policy tests without observing a host. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = "Runs tests of a policy. Each test has listeners and expectations.",
    footer = {
      "",
      "Exit status: 0 if all tests pass; 1 if a test fails; 2 for wrong usage or a report that"
          + " cannot be written; 78 if a test file or a policy is wrong, so that no test runs; 70"
          + " for an internal error."
    })
final class TestCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The test files.")
  private List<Path> files;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Also writes the results to this file, as JUnit XML.")
  private @Nullable Path junit;

  @Override
  public Integer call() {
    List<TestFile> tests = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (Path file : files) {
      ReadResult<TestFile> read = TestFiles.read(file);
      if (read instanceof ReadResult.Good<TestFile> good) {
        tests.add(good.value());
      } else {
        problems.addAll(((ReadResult.Bad<TestFile>) read).problems());
      }
    }
    return problems.isEmpty() ? run(tests) : refuse(problems);
  }

  private int refuse(List<Problem> problems) {
    PrintWriter err = spec.commandLine().getErr();
    problems.stream().distinct().forEach(err::println);
    err.flush();
    return Exit.CONFIG;
  }

  private int run(List<TestFile> tests) {
    List<TestReport> reports = tests.stream().map(TestFile::run).toList();
    PrintWriter out = spec.commandLine().getOut();
    reports.forEach(file -> print(file, out));
    out.flush();
    if (junit != null && !write(junit, JUnitXml.render(reports))) {
      return Exit.USAGE;
    }
    boolean passed = reports.stream().allMatch(file -> file.failed().isEmpty());
    return passed ? Exit.OK : Exit.FINDINGS;
  }

  private static void print(TestReport file, PrintWriter out) {
    List<TestResult> failed = file.failed();
    for (TestResult result : failed) {
      out.println(file.name() + ":" + result.test().line() + ": FAILED: " + result.test().name());
      List<Mismatch> mismatches = result.mismatches();
      DiffText.lines(mismatches).forEach(line -> out.println("  " + line));
    }
    int all = file.results().size();
    out.println(
        file.name()
            + ": "
            + (failed.isEmpty() ? all + " passed" : failed.size() + " of " + all + " failed"));
  }

  private boolean write(Path file, String text) {
    try {
      AtomicFile.write(file, text);
      return true;
    } catch (IOException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("portcurfew: cannot write " + file + ": " + FileErrorText.reason(e));
      err.flush();
      return false;
    }
  }
}
