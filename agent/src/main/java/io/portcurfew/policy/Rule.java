package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Selects endpoints and states terms for them.
 *
 * @param name unique within the policy
 * @param scope the endpoints that it selects
 * @param until the last day, in UTC, on which it is active; {@code null} for no end
 * @param evidence the facts that an auditor asks for
 */
public record Rule(
    String name,
    RuleScope scope,
    Expectation expect,
    RuleTerms terms,
    @Nullable LocalDate until,
    NotifySettings notifySettings,
    RuleEvidence evidence) {

  /** A rule without facts for an auditor. */
  public Rule(
      String name,
      RuleScope scope,
      Expectation expect,
      RuleTerms terms,
      @Nullable LocalDate until,
      NotifySettings notifySettings) {
    this(name, scope, expect, terms, until, notifySettings, RuleEvidence.NONE);
  }

  /** A rule without an end. */
  public Rule(
      String name,
      RuleScope scope,
      Expectation expect,
      RuleTerms terms,
      NotifySettings notifySettings) {
    this(name, scope, expect, terms, null, notifySettings);
  }

  /** The same rule with the paths behind the links of executables. */
  Rule following(ExecutableLinks links) {
    return new Rule(
        name,
        scope.following(links),
        expect,
        terms.following(links),
        until,
        notifySettings,
        evidence);
  }

  /** True if the rule selects this endpoint, whatever its terms and its owner are. */
  public boolean isAbout(Endpoint endpoint) {
    return scope.contains(endpoint) && !scope.selectsByOwner();
  }

  /** True if the rule selects this listener, whatever its terms are. */
  public boolean isAbout(Listener listener) {
    return scope.selects(listener) == Trilean.YES;
  }

  /** True if the rule is active on this day of UTC. */
  public boolean countsOn(LocalDate day) {
    return until == null || !day.isAfter(until);
  }

  /**
   * YES if its terms allow the address of a listener. An interface is one of the host unless the
   * rule names another network namespace.
   */
  public Trilean allow(Listener listener) {
    boolean onHost = listener.endpoint().namespace().equals(Endpoint.HOST);
    return terms.allow(listener, onHost || scope.namespace() != null);
  }

  /** True if the rule is known to allow this listener, which it must select. */
  public boolean lets(Listener listener) {
    return expect != Expectation.CLOSED
        && allow(listener) == Trilean.YES
        && terms.accept(listener) == Trilean.YES
        && !(terms.warnsOfReplaced() && listener.hasReplacedOwner());
  }

  /** True if the rule is known to allow this socket of another family, which it must select. */
  public boolean lets(OtherSocket socket) {
    boolean replaced = socket.owners().stream().anyMatch(owner -> owner.details().replaced());
    return expect != Expectation.CLOSED
        && terms.accept(socket.knownOwners()) == Trilean.YES
        && !(terms.warnsOfReplaced() && replaced);
  }

  /** The severity of its findings. */
  public Severity severity() {
    return notifySettings.severity();
  }

  /** The reason for the rule, in the words of its author. */
  public @Nullable String because() {
    return notifySettings.because();
  }
}
