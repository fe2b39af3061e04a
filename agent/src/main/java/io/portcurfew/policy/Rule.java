package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Names endpoints, and says what is expected of them.
 *
 * @param name unique within the policy
 * @param scope which endpoints it is about
 * @param until the last day, in UTC, on which it counts; {@code null} is for ever
 */
public record Rule(
    String name,
    RuleScope scope,
    Expectation expect,
    RuleTerms terms,
    @Nullable LocalDate until,
    NotifySettings telling) {

  /** A rule that counts for ever. */
  public Rule(
      String name, RuleScope scope, Expectation expect, RuleTerms terms, NotifySettings telling) {
    this(name, scope, expect, terms, null, telling);
  }

  /** Whether the rule is about this endpoint; its terms have no say in that. */
  public boolean isAbout(Endpoint endpoint) {
    return scope.contains(endpoint);
  }

  /** Whether the rule counts on this day of UTC. */
  public boolean countsOn(LocalDate day) {
    return until == null || !day.isAfter(until);
  }

  /** Whether it lets this listener listen, as far as can be seen; it has to be about it. */
  public boolean lets(Listener listener) {
    return expect != Expectation.CLOSED
        && terms.allow(listener.endpoint().address()) == Trilean.YES
        && terms.accept(listener.owners()) == Trilean.YES;
  }

  /** How much its findings matter. */
  public Severity severity() {
    return telling.severity();
  }

  /** Why the rule is there, in the words of its author. */
  public @Nullable String because() {
    return telling.because();
  }
}
