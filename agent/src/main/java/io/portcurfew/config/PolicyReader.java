package io.portcurfew.config;

import io.portcurfew.judge.Policy;
import io.portcurfew.judge.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a policy file. */
public final class PolicyReader {

  static final List<String> KEYS = List.of("version", "default", "rules");
  static final int MOST_RULES = 10_000;

  private static final Choice<Boolean> DEFAULT = Choice.of("allow", true, "deny", false);

  private PolicyReader() {}

  /**
   * Reads a policy, strictly: what is nearly right is wrong, and all that is wrong is told.
   *
   * @param fileName how problems name the file
   * @param text the bytes of the file
   */
  public static Read<Policy> read(String fileName, byte[] text) {
    Problems problems = new Problems(fileName);
    return problems.orGood(read(text, problems));
  }

  /** The rules that can be read; where there are problems, it is no policy to judge by. */
  static Optional<Policy> read(byte[] text, Problems problems) {
    return Yaml.read(text, problems)
        .flatMap(root -> Section.of(new Field(problems, null, root), KEYS))
        .map(PolicyReader::read);
  }

  private static Policy read(Section section) {
    section.required("version").ifPresent(PolicyReader::version);
    boolean allowsUnlisted = section.optional("default").flatMap(DEFAULT::read).orElse(true);
    List<Rule> rules = section.required("rules").map(PolicyReader::rules).orElse(List.of());
    return new Policy(allowsUnlisted, rules);
  }

  private static void version(Field field) {
    String expected = "1, without quotes";
    Optional<Node.Scalar> scalar = field.scalar(expected);
    if (scalar.isPresent() && !(scalar.get().plain() && scalar.get().text().equals("1"))) {
      field.wrong("this agent reads policies of version 1", expected);
    }
  }

  /** No rule at all is a policy too: with {@code default: deny} the strictest. */
  private static List<Rule> rules(Field field) {
    List<Field> items = field.listOrEmpty("a list of rules").orElse(List.of());
    if (items.size() > MOST_RULES) {
      field.wrong("there are too many rules", items.size() + " rules", "at most 10000", null);
      return List.of();
    }
    UniqueNames names = new UniqueNames();
    List<Rule> rules = new ArrayList<>();
    for (Field item : items) {
      names.check(item);
      RuleReader.read(item).ifPresent(rules::add);
    }
    return rules;
  }
}
