package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import java.util.List;
import java.util.Optional;

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

  /** The rule that decides this endpoint. */
  public Optional<Rule> ruleAbout(Endpoint endpoint) {
    return rules.stream().filter(rule -> rule.isAbout(endpoint)).findFirst();
  }
}
