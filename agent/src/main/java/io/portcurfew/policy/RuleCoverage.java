package io.portcurfew.policy;

import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.SocketPlace;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far earlier rules cover a rule while it is active: exact over ports, protocols and
 * namespaces; any number of named namespaces does not cover all of them, and a rule that selects by
 * owner covers nothing.
 *
 * @param by earlier rules that decide a part of the rule's scope, in their order; none that expires
 *     before the rule. Of thousands, not all
 * @param isWhole true if they decide all of it
 */
public record RuleCoverage(Rule rule, List<Rule> by, boolean isWhole) {

  /** The parts of a rule for which the earlier rule is looked up: a bound for large policies. */
  private static final int MOST_PARTS = 200;

  public RuleCoverage {
    by = List.copyOf(by);
  }

  /** One for each rule, in their order. */
  public static List<RuleCoverage> of(List<Rule> rules) {
    Map<String, RuleCoverage> covers = new HashMap<>();
    Set<@Nullable LocalDate> ends = new HashSet<>();
    rules.forEach(rule -> ends.add(rule.until()));
    ends.forEach(end -> covers.putAll(ofThoseUntil(end, rules)));
    return rules.stream().map(rule -> covers.get(rule.name())).toList();
  }

  /** Rules that expire earlier do not count, so each last day has a table of its own. */
  private static Map<String, RuleCoverage> ofThoseUntil(@Nullable LocalDate end, List<Rule> rules) {
    Map<String, RuleCoverage> covers = new HashMap<>();
    RuleIndex earlier = new RuleIndex();
    List<Rule> aboutSockets = new ArrayList<>();
    for (int place = 0; place < rules.size(); place++) {
      Rule rule = rules.get(place);
      if (Objects.equals(rule.until(), end)) {
        boolean sockets = rule.scope().isAboutSockets();
        covers.put(rule.name(), sockets ? ofSockets(rule, aboutSockets) : of(rule, earlier));
      }
      boolean lasts = rule.until() == null || (end != null && rule.countsOn(end));
      if (lasts && !rule.scope().selectsByOwner()) {
        earlier.add(place, rule);
        if (rule.scope().isAboutSockets()) {
          aboutSockets.add(rule);
        }
      }
    }
    return covers;
  }

  private static RuleCoverage of(Rule rule, RuleIndex earlier) {
    RuleScope scope = rule.scope();
    return new RuleCoverage(
        rule, earlier.firstAbout(scope, MOST_PARTS), !earlier.leavesSomeOf(scope));
  }

  private static RuleCoverage ofSockets(Rule rule, List<Rule> earlier) {
    RuleScope scope = rule.scope();
    Set<SocketPlace.Family> left = new HashSet<>(scope.sockets());
    List<Rule> by = new ArrayList<>();
    for (Rule early : earlier) {
      String namespace = early.scope().namespace();
      boolean there =
          namespace == null
              || (scope.namespace() != null
                  && NamespaceGroup.matches(namespace, scope.namespace()));
      if (there && left.removeAll(early.scope().sockets())) {
        by.add(early);
      }
    }
    return new RuleCoverage(rule, by, left.isEmpty());
  }

  /** Those of the earlier rules that also select endpoints outside this rule. */
  public List<Rule> broader() {
    return by.stream().filter(early -> !rule.scope().contains(early.scope())).toList();
  }
}
