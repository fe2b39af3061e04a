package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Position;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.observe.capture.CapturedSnapshot;
import io.portcurfew.policytest.TestFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A policy on disk with everything that it and its tests name.
 *
 * @param policy the name of the policy file, relative to its folder
 * @param tests the names of the test files, relative to that folder
 * @param contents the content of each file by that name
 */
public record PolicyFileSet(String policy, List<String> tests, Map<String, byte[]> contents) {

  public PolicyFileSet {
    tests = List.copyOf(tests);
    contents = Map.copyOf(contents);
  }

  /** The policy or a test file is not valid. */
  public static final class InvalidPolicy extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    InvalidPolicy(List<Problem> problems) {
      super(problems.get(0).toString());
      this.problems = List.copyOf(problems);
    }

    /** Every problem. */
    public List<Problem> problems() {
      return problems;
    }
  }

  /** Reads a policy, its includes, its tests and their captures, whoever owns them. */
  public static PolicyFileSet of(Path policy, List<Path> tests) throws InvalidPolicy, IOException {
    ReadFiles files = new ReadFiles(FileTrust.ANYBODY);
    List<Problem> problems = new ArrayList<>();
    PolicyFiles.read(new ConfigSource.OnDisk(policy), files, problems);
    for (Path test : tests) {
      ReadResult<TestFile> read = TestFiles.read(new ConfigSource.OnDisk(test), files);
      if (read instanceof ReadResult.Bad<TestFile> bad) {
        problems.addAll(bad.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidPolicy(problems);
    }
    Path folder = Objects.requireNonNull(policy.toAbsolutePath().normalize().getParent());
    Map<String, byte[]> contents = new TreeMap<>();
    for (Path file : files.stamps().keySet()) {
      contents.put(name(folder, file), bytes(file));
    }
    List<String> testNames = new ArrayList<>();
    for (Path test : tests) {
      testNames.add(name(folder, test));
    }
    return new PolicyFileSet(name(folder, policy), testNames, contents);
  }

  private static String name(Path folder, Path file) throws InvalidPolicy {
    Path absolute = file.toAbsolutePath().normalize();
    if (!absolute.startsWith(folder)) {
      Problems problems = new Problems(file.toString());
      problems.add(
          Position.START,
          null,
          "the file is not in or below the folder of the policy",
          null,
          "a file in " + folder);
      throw new InvalidPolicy(problems.inOrder());
    }
    return folder.relativize(absolute).toString();
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(CapturedSnapshot.MOST + 1);
    }
  }
}
