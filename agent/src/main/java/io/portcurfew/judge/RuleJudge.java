package io.portcurfew.judge;

import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.Rule;
import java.util.ArrayList;
import java.util.List;

/** Compares a listener with the rule that decides it. */
final class RuleJudge {

  private RuleJudge() {}

  /** The findings; empty if everything is as the rule expects. */
  static List<Finding> of(Rule rule, Listener listener) {
    if (rule.expect() == Expectation.CLOSED) {
      return List.of(FindingFactory.open(rule, listener));
    }
    List<Finding> findings = new ArrayList<>();
    switch (rule.allow(listener)) {
      case NO -> findings.add(FindingFactory.exposed(rule, listener));
      case UNKNOWN -> findings.add(FindingFactory.addressUnknown(rule, listener));
      case YES -> {}
    }
    switch (rule.terms().accept(listener)) {
      case NO -> findings.add(FindingFactory.wrongOwner(rule, listener));
      case UNKNOWN -> findings.add(FindingFactory.ownerUnknown(rule, listener));
      case YES -> {}
    }
    if (rule.terms().warnsOfReplaced() && listener.hasReplacedOwner()) {
      findings.add(FindingFactory.replaced(rule, listener));
    }
    return findings;
  }
}
