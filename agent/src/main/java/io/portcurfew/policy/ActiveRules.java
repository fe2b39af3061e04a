package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a policy that are active on one day, and the rule that decides an endpoint. Building
 * it takes about as long as a sort; the cost of a lookup does not depend on the number of rules.
 */
public final class ActiveRules {

  private final LocalDate day;
  private final List<Rule> active;
  private final RuleIndex first = new RuleIndex();
  private final RuleIndex expired = new RuleIndex();

  ActiveRules(List<Rule> rules, LocalDate day) {
    this.day = day;
    this.active = rules.stream().filter(rule -> rule.countsOn(day)).toList();
    for (int place = 0; place < rules.size(); place++) {
      Rule rule = rules.get(place);
      (rule.countsOn(day) ? first : expired).add(place, rule);
    }
  }

  /** The day on which they are active. */
  LocalDate day() {
    return day;
  }

  /** The active rules in their order. */
  public List<Rule> rules() {
    return active;
  }

  /** The rule that decides this endpoint. */
  public Optional<Rule> ruleAbout(Endpoint endpoint) {
    return Optional.ofNullable(first.about(endpoint)).map(RuleIndex.Placed::rule);
  }

  /** The rule that would decide this endpoint if it had not expired. */
  public Optional<Rule> ranOutBefore(Endpoint endpoint) {
    RuleIndex.Placed late = expired.about(endpoint);
    if (late == null) {
      return Optional.empty();
    }
    RuleIndex.Placed now = first.about(endpoint);
    return now != null && now.place() < late.place() ? Optional.empty() : Optional.of(late.rule());
  }
}
