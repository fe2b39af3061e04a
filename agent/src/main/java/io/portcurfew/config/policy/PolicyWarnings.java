package io.portcurfew.config.policy;

import io.portcurfew.config.yaml.Warning;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleCoverage;
import io.portcurfew.policy.RuleTerms;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds rules that are allowed and hardly meant. */
final class PolicyWarnings {

  /** More rules than this are not named. */
  private static final int MOST_NAMED = 5;

  private PolicyWarnings() {}

  /** In the order of the rules. */
  static List<Warning> of(List<PlacedRule> rules, LocalDate today) {
    List<Rule> counting =
        rules.stream().map(PlacedRule::rule).filter(r -> r.countsOn(today)).toList();
    Map<String, RuleCoverage> covers =
        RuleCoverage.of(counting).stream()
            .collect(Collectors.toMap(cover -> cover.rule().name(), cover -> cover));
    List<Warning> warnings = new ArrayList<>();
    for (PlacedRule placed : rules) {
      RuleCoverage cover = covers.get(placed.rule().name());
      if (cover == null) {
        warnings.add(ranOut(placed));
      } else {
        covered(placed, cover).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private static Warning ranOut(PlacedRule placed) {
    String last = "its last day was " + placed.rule().until() + ", so the rule no longer counts";
    return placed.warning("until", last);
  }

  private static Optional<Warning> covered(PlacedRule placed, RuleCoverage cover) {
    Rule rule = placed.rule();
    if (cover.isWhole()) {
      String who = "before it, " + names(cover.by()) + ", decide all that it is about";
      return Optional.of(placed.warning("the rule can never decide: the rules " + who));
    }
    if (rule.expect() == Expectation.CLOSED) {
      List<Rule> broader = cover.broader().stream().filter(PolicyWarnings::lets).toList();
      String who = "the broader rules before it, " + names(broader) + ", let something listen";
      return broader.isEmpty()
          ? Optional.empty()
          : Optional.of(placed.warning("ports", "on part of what this closes " + who));
    }
    return allowsAll(rule)
        ? Optional.of(placed.warning("ports", "the rule lets anybody listen on every port"))
        : Optional.empty();
  }

  private static boolean lets(Rule rule) {
    return rule.expect() != Expectation.CLOSED;
  }

  private static boolean allowsAll(Rule rule) {
    RuleTerms terms = rule.terms();
    boolean anywhere =
        terms.addresses().isEmpty() || terms.addresses().contains(new AddressTerm.Any());
    return lets(rule) && anywhere && terms.by().isEmpty() && rule.scope().hasEveryPort();
  }

  private static String names(List<Rule> rules) {
    return rules.stream().limit(MOST_NAMED).map(Rule::name).collect(Collectors.joining(", "))
        + (rules.size() > MOST_NAMED ? " and others" : "");
  }
}
