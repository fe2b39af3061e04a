package io.portcurfew.judge;

import io.portcurfew.observe.OwnerFact;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The baseline policy: ordered rules, of which the first that is about an endpoint decides it.
 *
 * @param allowsUnlisted what an endpoint that no rule is about gets: {@code default: allow} or
 *     {@code deny}
 */
public record Policy(boolean allowsUnlisted, List<Rule> rules) {

  /** What findings without a rule of their own name as their rule; no rule may be called so. */
  public static final String DEFAULT = "default";

  public Policy {
    rules = List.copyOf(rules);
  }

  /** The rules that count at this time. */
  public RulesInForce at(Instant time) {
    return new RulesInForce(rules, day(time));
  }

  /** The day on whose end rules run out: that of UTC, the same on every host. */
  public static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /** What the rules ask about an owner that is told only where it is asked for. */
  public Set<OwnerFact> asksFor() {
    Set<OwnerFact> asked = EnumSet.noneOf(OwnerFact.class);
    rules.forEach(rule -> rule.terms().by().forEach(term -> asked.addAll(term.asksFor())));
    return asked;
  }
}
