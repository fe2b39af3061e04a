package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates one rule for each protocol, port and network namespace. The first matching rule decides,
 * so several servers on one port share a rule.
 */
final class NewRules {

  private static final int LONGEST_HOST = 100;

  private final String reason;
  private final RuleNames names;
  private final List<String> gaps = new ArrayList<>();

  /**
   * New rules for a snapshot.
   *
   * @param taken the names of other rules
   */
  NewRules(Snapshot snapshot, Set<String> taken) {
    String host = snapshot.host().toString();
    String name = host.length() > LONGEST_HOST ? "a host with a very long name" : host;
    this.reason =
        "learned on " + Policy.day(snapshot.takenAt()) + " from " + name + ", not yet reviewed";
    this.names = new RuleNames(taken);
  }

  /** The rules in order of port, protocol and namespace. */
  List<Rule> of(List<Listener> listeners) {
    return listeners.stream()
        .collect(Collectors.groupingBy(RuleKey::of, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(this::rule)
        .toList();
  }

  /** The listeners whose owner was not seen, one line each. */
  List<String> gaps() {
    return gaps;
  }

  private Rule rule(List<Listener> group) {
    Endpoint at = group.get(0).endpoint();
    List<OwnerTerm> by = OwnerTerms.of(group);
    if (by.isEmpty()) {
      group.forEach(listener -> gaps.add(listener.endpoint() + ": its owner was not seen"));
    }
    return new Rule(
        names.next(group),
        new RuleScope(
            List.of(new PortRange(at.port(), at.port())),
            Set.of(at.protocol()),
            RuleKey.of(group.get(0)).namespace()),
        Expectation.ALLOWED,
        new RuleTerms(AddressTerms.of(group), by),
        NotifySettings.of(Severity.WARNING, reason + caveat(group, by)));
  }

  /** Warns the reviewer if the terms are wider than the observation. */
  private static String caveat(List<Listener> group, List<OwnerTerm> by) {
    if (by.isEmpty()) {
      return "; its owner was not seen, so any owner is allowed";
    }
    boolean proof = group.stream().flatMap(l -> l.owners().stream()).allMatch(OwnerTerms::hasProof);
    long owners = group.stream().map(l -> OwnerTerms.of(List.of(l))).distinct().count();
    return (owners > 1 ? "; each owner may listen on each address" : "")
        + (proof
            ? ""
            : "; any executable is allowed, because its file was removed or is in another mount"
                + " namespace");
  }
}
