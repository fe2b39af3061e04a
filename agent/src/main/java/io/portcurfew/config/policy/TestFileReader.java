package io.portcurfew.config.policy;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.UniqueNames;
import io.portcurfew.config.yaml.Yaml;
import io.portcurfew.policy.Policy;
import io.portcurfew.policytest.PolicyTest;
import io.portcurfew.policytest.TestFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a file of policy tests. */
final class TestFileReader {

  static final List<String> KEYS = List.of("policy", "tests");
  static final int MOST_TESTS = 1_000;

  private final ConfigSource source;
  private final ReadFiles files;
  private final List<Problem> ofPolicy;

  /**
   * @param source the test file, the base of relative paths
   * @param files records the files that it names
   * @param ofPolicy receives the problems of the policy
   */
  TestFileReader(ConfigSource source, ReadFiles files, List<Problem> ofPolicy) {
    this.source = source;
    this.files = files;
    this.ofPolicy = ofPolicy;
  }

  public Optional<TestFile> read(byte[] text, Problems problems) {
    return Yaml.read(text, problems)
        .flatMap(root -> Section.of(new Field(problems, null, root), KEYS))
        .flatMap(section -> read(section, problems));
  }

  private Optional<TestFile> read(Section section, Problems problems) {
    Optional<Policy> policy = section.required("policy").flatMap(this::policy);
    List<PolicyTest> tests = section.required("tests").map(this::tests).orElse(List.of());
    return policy.map(read -> new TestFile(problems.file(), read, tests));
  }

  private Optional<Policy> policy(Field field) {
    return PathReader.any(field, "the path of a policy file, like policy.yaml")
        .map(source::beside)
        .flatMap(policy -> PolicyFiles.read(policy, files, ofPolicy))
        .map(PolicyFiles.ReadPolicy::policy);
  }

  private List<PolicyTest> tests(Field field) {
    List<Field> items = field.list("a list of tests").orElse(List.of());
    if (items.size() > MOST_TESTS) {
      field.wrong("too many tests", items.size() + " tests", "at most " + MOST_TESTS, null);
      return List.of();
    }
    UniqueNames names = new UniqueNames();
    List<PolicyTest> tests = new ArrayList<>();
    for (Field item : items) {
      names.check(item);
      PolicyTestReader.read(item, source).ifPresent(tests::add);
    }
    return tests;
  }
}
