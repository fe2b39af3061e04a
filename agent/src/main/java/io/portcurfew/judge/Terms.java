package io.portcurfew.judge;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import java.util.ArrayList;
import java.util.List;

/** Holds a listener against the rule that decides it. */
final class Terms {

  private Terms() {}

  /** Nothing where all is as the rule expects. */
  static List<Finding> check(Rule rule, Listener listener) {
    if (rule.expect() == Expect.CLOSED) {
      return List.of(Findings.open(rule, listener));
    }
    List<Finding> findings = new ArrayList<>();
    switch (address(rule, listener)) {
      case NO -> findings.add(Findings.exposed(rule, listener));
      case UNKNOWN -> findings.add(Findings.addressUnknown(rule, listener));
      case YES -> {}
    }
    switch (owners(rule, listener)) {
      case NO -> findings.add(Findings.wrongOwner(rule, listener));
      case UNKNOWN -> findings.add(Findings.ownerUnknown(rule, listener));
      case YES -> {}
    }
    return findings;
  }

  /**
   * A dual-stack wildcard takes IPv4 too, but is one address: {@code any} allows it and nothing
   * narrower does.
   */
  private static Answer address(Rule rule, Listener listener) {
    return rule.addresses().stream()
        .map(term -> term.allows(listener.endpoint().address()))
        .reduce(Answer::or)
        .orElse(Answer.YES);
  }

  /**
   * Every process that holds the socket can take its traffic, so each has to be one that the rule
   * accepts.
   */
  private static Answer owners(Rule rule, Listener listener) {
    if (rule.by().isEmpty()) {
      return Answer.YES;
    }
    return listener.owners().stream()
        .map(owner -> owner(rule, owner))
        .reduce(Answer::and)
        .orElse(Answer.UNKNOWN);
  }

  private static Answer owner(Rule rule, Owner owner) {
    return rule.by().stream().map(term -> term.accepts(owner)).reduce(Answer.NO, Answer::or);
  }
}
