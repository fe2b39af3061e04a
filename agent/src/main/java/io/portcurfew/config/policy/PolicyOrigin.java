package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Warning;
import io.portcurfew.policy.Rule;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Where a policy comes from. */
public final class PolicyOrigin {

  private final String name;
  private final List<Path> files;
  private final String digest;
  private final List<PlacedRule> rules;
  private final List<Rule> learnt;

  PolicyOrigin(
      String name, List<Path> files, String digest, List<PlacedRule> rules, List<Rule> learnt) {
    this.name = name;
    this.files = List.copyOf(files);
    this.digest = digest;
    this.rules = List.copyOf(rules);
    this.learnt = List.copyOf(learnt);
  }

  /** Of a policy that is in no file. */
  public static PolicyOrigin named(String name, String digest) {
    return new PolicyOrigin(name, List.of(), digest, List.of(), List.of());
  }

  /** For people: the path of the policy, or {@code shipped policy.yaml}. */
  public String name() {
    return name;
  }

  /** All files that were read, from the root on, the policy first; none for the shipped one. */
  public List<Path> files() {
    return files;
  }

  /**
   * The first 16 digits of the SHA-256 of all files one after the other, as they were read: the
   * policy, then each file at its place among the includes. So {@code cat policy.yaml baseline.yaml
   * | sha256sum} begins with it.
   */
  public String digest() {
    return digest;
  }

  /** Those of its rules that stand in a {@link LearnedFile}, in their order. */
  public List<Rule> learnt() {
    return learnt;
  }

  /**
   * What in the policy is allowed and hardly meant, file by file and in order of position.
   *
   * @param today the day of UTC on which it is asked
   */
  public List<Warning> warnings(LocalDate today) {
    return PolicyWarnings.of(rules, today);
  }
}
