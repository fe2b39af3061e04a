package io.portcurfew.policy;

import io.portcurfew.observe.OwnerFact;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A policy: ordered rules. The first rule that selects an endpoint decides it. */
public final class Policy {

  /** The rule name of findings without a rule; no rule may have this name. */
  public static final String DEFAULT = "default";

  private final boolean allowsUnlisted;
  private final List<Rule> rules;
  // Building the table of 5,000 rules for each judgement would cost a third of its time.
  private volatile @Nullable ActiveRules latest;

  /**
   * A policy of these rules.
   *
   * @param allowsUnlisted the default for an endpoint that no rule selects: true for {@code
   *     default: allow}, false for {@code deny}
   */
  public Policy(boolean allowsUnlisted, List<Rule> rules) {
    this.allowsUnlisted = allowsUnlisted;
    this.rules = List.copyOf(rules);
  }

  /** The same policy, in which executables that are links stand for the files behind them. */
  public Policy following(ExecutableLinks links) {
    return links.targets().isEmpty()
        ? this
        : new Policy(allowsUnlisted, rules.stream().map(rule -> rule.following(links)).toList());
  }

  /** The paths of executables and scripts that the rules name; patterns are left out. */
  public SortedSet<String> paths() {
    return rules.stream()
        .flatMap(rule -> Stream.concat(rule.scope().owners().stream(), rule.terms().by().stream()))
        .flatMap(OwnerTerm::paths)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** True if an endpoint that no rule selects is allowed. */
  public boolean allowsUnlisted() {
    return allowsUnlisted;
  }

  /** The rules in their order. */
  public List<Rule> rules() {
    return rules;
  }

  /** The rules that are active at this time. */
  public ActiveRules at(Instant time) {
    LocalDate day = day(time);
    ActiveRules known = latest;
    if (known == null || !known.day().equals(day)) {
      known = new ActiveRules(rules, day);
      latest = known;
    }
    return known;
  }

  /** The day for {@code until}, in UTC, so it is the same on every host. */
  public static LocalDate day(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /** The facts about owners that the rules need and that are found only on request. */
  public Set<OwnerFact> asksFor() {
    Set<OwnerFact> asked = EnumSet.noneOf(OwnerFact.class);
    for (Rule rule : rules) {
      rule.terms().by().forEach(term -> asked.addAll(term.asksFor()));
      rule.scope().owners().forEach(term -> asked.addAll(term.asksFor()));
    }
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
