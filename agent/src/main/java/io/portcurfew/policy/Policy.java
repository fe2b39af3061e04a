package io.portcurfew.policy;

import io.portcurfew.observe.OwnerFact;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The baseline policy: ordered rules, of which the first that is about an endpoint decides it. */
public final class Policy {

  /** What findings without a rule of their own name as their rule; no rule may be called so. */
  public static final String DEFAULT = "default";

  private final boolean allowsUnlisted;
  private final List<Rule> rules;
  // To find the table of 5,000 rules anew at each judgement would cost a third of it.
  private volatile @Nullable ActiveRules latest;

  /**
   * A policy of these rules.
   *
   * @param allowsUnlisted what an endpoint that no rule is about gets: {@code default: allow} or
   *     {@code deny}
   */
  public Policy(boolean allowsUnlisted, List<Rule> rules) {
    this.allowsUnlisted = allowsUnlisted;
    this.rules = List.copyOf(rules);
  }

  /** Whether an endpoint that no rule is about is allowed. */
  public boolean allowsUnlisted() {
    return allowsUnlisted;
  }

  /** The rules in their order. */
  public List<Rule> rules() {
    return rules;
  }

  /** The rules that count at this time. */
  public ActiveRules at(Instant time) {
    LocalDate day = day(time);
    ActiveRules known = latest;
    if (known == null || !known.day().equals(day)) {
      known = new ActiveRules(rules, day);
      latest = known;
    }
    return known;
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Policy policy
        && allowsUnlisted == policy.allowsUnlisted
        && rules.equals(policy.rules);
  }

  @Override
  public int hashCode() {
    return Objects.hash(allowsUnlisted, rules);
  }

  @Override
  public String toString() {
    return "default " + (allowsUnlisted ? "allow" : "deny") + ", " + rules;
  }
}
