package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.UniqueNames;
import io.portcurfew.config.yaml.Yaml;
import io.portcurfew.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one file of a policy: the policy itself or an included file. */
final class PolicyReader {

  static final List<String> KEYS = List.of("version", "default", "include", "rules");
  static final int MOST_RULES = 10_000;

  private static final List<String> INCLUDED_KEYS = List.of("version", "include", "rules");
  private static final Map<String, String> ADVICE =
      Map.of("default", "an included file has no default; set it in the policy");
  private static final ChoiceReader<Boolean> DEFAULT =
      ChoiceReader.of("allow", true, "deny", false);

  private final Section section;
  private final boolean allowsUnlisted;

  private PolicyReader(Section section) {
    this.section = section;
    section.required("version").ifPresent(PolicyReader::version);
    this.allowsUnlisted = section.optional("default").flatMap(DEFAULT::read).orElse(true);
  }

  /** Opens the policy itself. */
  static Optional<PolicyReader> ofPolicy(byte[] text, Problems problems) {
    return root(text, problems).flatMap(root -> Section.of(root, KEYS)).map(PolicyReader::new);
  }

  /** Opens an included file. */
  static Optional<PolicyReader> ofIncluded(byte[] text, Problems problems) {
    return root(text, problems)
        .flatMap(root -> Section.of(root, INCLUDED_KEYS, ADVICE))
        .map(PolicyReader::new);
  }

  private static Optional<Field> root(byte[] text, Problems problems) {
    return Yaml.read(text, problems).map(root -> new Field(problems, null, root));
  }

  private static void version(Field field) {
    String expected = "1";
    Optional<Node.Scalar> scalar = field.scalar(expected);
    if (scalar.isPresent() && !scalar.get().text().equals("1")) {
      field.wrong("unsupported policy version", expected);
    } else if (scalar.isPresent() && !scalar.get().plain()) {
      field.wrong("remove the quotes: 1");
    }
  }

  /** The files whose rules come before those of this file. */
  List<Field> includes() {
    return section
        .optional("include")
        .flatMap(field -> field.list("a list of policy files"))
        .orElse(List.of());
  }

  /**
   * Adds the valid rules to those of other files. A policy may have no rules; with {@code default:
   * deny} it is the strictest one.
   */
  void rules(UniqueNames names, List<PlacedRule> into) {
    section.required("rules").ifPresent(field -> rules(field, names, into));
  }

  private static void rules(Field field, UniqueNames names, List<PlacedRule> into) {
    List<Field> items = field.listOrEmpty("a list of rules").orElse(List.of());
    int all = into.size() + items.size();
    if (all > MOST_RULES) {
      field.wrong("too many rules", all + " rules", "at most " + MOST_RULES, null);
      return;
    }
    for (Field item : items) {
      names.check(item);
      RuleReader.read(item).ifPresent(rule -> into.add(PlacedRule.of(rule, item)));
    }
  }

  /** The policy of these rules; not usable if there are problems. */
  Policy policy(List<PlacedRule> rules) {
    return new Policy(allowsUnlisted, rules.stream().map(PlacedRule::rule).toList());
  }
}
