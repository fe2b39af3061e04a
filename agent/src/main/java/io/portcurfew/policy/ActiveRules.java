package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The rules of a policy that count on one day, and which of them decides an endpoint. It is built
 * in about the time of a sort, and each answer costs about the same however many rules there are.
 */
public final class ActiveRules {

  private final LocalDate day;
  private final List<Rule> counting;
  private final RuleIndex first = new RuleIndex();
  private final RuleIndex ranOut = new RuleIndex();

  ActiveRules(List<Rule> rules, LocalDate day) {
    this.day = day;
    this.counting = rules.stream().filter(rule -> rule.countsOn(day)).toList();
    for (int place = 0; place < rules.size(); place++) {
      Rule rule = rules.get(place);
      (rule.countsOn(day) ? first : ranOut).add(place, rule);
    }
  }

  /** The day on which they count. */
  LocalDate day() {
    return day;
  }

  /** The rules that count, in their order. */
  public List<Rule> rules() {
    return counting;
  }

  /** The rule that decides this endpoint. */
  public Optional<Rule> ruleAbout(Endpoint endpoint) {
    return Optional.ofNullable(first.about(endpoint)).map(RuleIndex.Placed::rule);
  }

  /** The rule that would decide this endpoint had it not run out. */
  public Optional<Rule> ranOutBefore(Endpoint endpoint) {
    RuleIndex.Placed late = ranOut.about(endpoint);
    if (late == null) {
      return Optional.empty();
    }
    RuleIndex.Placed now = first.about(endpoint);
    return now != null && now.place() < late.place() ? Optional.empty() : Optional.of(late.rule());
  }
}
