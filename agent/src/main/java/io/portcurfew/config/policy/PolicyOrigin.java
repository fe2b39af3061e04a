package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Warning;
import io.portcurfew.policy.Rule;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** The source of a policy: its files, its digest and the places of its rules. */
public final class PolicyOrigin {

  private final String name;
  private final List<Path> files;
  private final String digest;
  private final List<PlacedRule> rules;
  private final List<Rule> learned;

  PolicyOrigin(
      String name, List<Path> files, String digest, List<PlacedRule> rules, List<Rule> learned) {
    this.name = name;
    this.files = List.copyOf(files);
    this.digest = digest;
    this.rules = List.copyOf(rules);
    this.learned = List.copyOf(learned);
  }

  /** The origin of a policy without a file. */
  public static PolicyOrigin named(String name, String digest) {
    return new PolicyOrigin(name, List.of(), digest, List.of(), List.of());
  }

  /** The name shown to people: the path of the policy, or {@code shipped policy.yaml}. */
  public String name() {
    return name;
  }

  /** The absolute paths of all files, the policy first; empty for the shipped policy. */
  public List<Path> files() {
    return files;
  }

  /**
   * The first 16 digits of the SHA-256 of all files in the order of reading: the policy, then each
   * included file at its place. {@code cat policy.yaml baseline.yaml | sha256sum} begins with it.
   */
  public String digest() {
    return digest;
  }

  /** The rules that are in a {@link LearnedFile}, in their order. */
  public List<Rule> learned() {
    return learned;
  }

  /**
   * Valid parts of the policy that are probably mistakes, by file and position.
   *
   * @param today the current day in UTC; rules may have expired
   * @param platform decides which terms can be proven
   */
  public List<Warning> warnings(LocalDate today, ProofPlatform platform) {
    return PolicyWarnings.of(rules, today, platform);
  }
}
