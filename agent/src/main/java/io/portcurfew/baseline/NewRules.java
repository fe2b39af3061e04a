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
 * Writes a rule for each protocol, port and network namespace: the first rule about these decides,
 * so there can be no more than one, however many servers share them.
 */
final class NewRules {

  private static final int LONGEST_HOST = 100;

  private final String reason;
  private final RuleNames names;
  private final List<String> gaps = new ArrayList<>();

  /**
   * New rules of this snapshot.
   *
   * @param taken the names that other rules have
   */
  NewRules(Snapshot snapshot, Set<String> taken) {
    String host = snapshot.host().toString();
    String name = host.length() > LONGEST_HOST ? "a host with a very long name" : host;
    this.reason =
        "learnt on " + Policy.day(snapshot.takenAt()) + " from " + name + ", not yet reviewed";
    this.names = new RuleNames(taken);
  }

  /** One a place, in order of port, protocol and namespace. */
  List<Rule> of(List<Listener> listeners) {
    return listeners.stream()
        .collect(Collectors.groupingBy(RuleKey::of, TreeMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(this::rule)
        .toList();
  }

  /** Which of the listeners have an owner that was not seen, one line each. */
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
            List.of(new PortRange(at.port(), at.port())), Set.of(at.protocol()), at.namespace()),
        Expectation.ALLOWED,
        new RuleTerms(AddressTerms.of(group), by),
        NotifySettings.of(Severity.WARNING, reason + caveat(group, by)));
  }

  /** What a reviewer has to know of the terms, where they say less than was seen. */
  private static String caveat(List<Listener> group, List<OwnerTerm> by) {
    if (by.isEmpty()) {
      return "; its owner was not seen, so nobody is asked for";
    }
    boolean proof = group.stream().flatMap(l -> l.owners().stream()).allMatch(OwnerTerms::hasProof);
    long owners = group.stream().map(l -> OwnerTerms.of(List.of(l))).distinct().count();
    return (owners > 1 ? "; each of the owners may listen on each of the addresses" : "")
        + (proof
            ? ""
            : "; the executable is not asked for, since its file was removed or is of another"
                + " mount namespace");
  }
}
