package io.portcurfew.baseline;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Creates one rule for each protocol, port and network namespace. The first matching rule decides,
 * so several servers on one port share a rule.
 */
final class NewRules {

  private static final int LONGEST_HOST = 100;

  private final String reason;

  /** The number of ports with the same terms from which on one rule states them all. */
  private static final int MANY_PORTS = 10;

  private final RuleNames names;
  private final PortRange ephemeral;
  private final LearningPeriod period;
  private final List<String> gaps = new ArrayList<>();

  /**
   * New rules for a snapshot.
   *
   * @param taken the names of other rules
   * @param period how often the listeners were open
   */
  NewRules(Snapshot snapshot, Set<String> taken, LearningPeriod period) {
    String host = snapshot.host().toString();
    String name = host.length() > LONGEST_HOST ? "a host with a very long name" : host;
    this.reason =
        "learned on " + Policy.day(snapshot.takenAt()) + " from " + name + ", not yet reviewed";
    this.names = new RuleNames(taken);
    this.ephemeral = snapshot.ephemeral();
    this.period = period;
  }

  /** New rules whose reasons are given with them. */
  NewRules(Set<String> taken) {
    this.reason = "";
    this.names = new RuleNames(taken);
    this.ephemeral = PortRange.LINUX_EPHEMERAL;
    this.period = LearningPeriod.NONE;
  }

  /** The rules in order of port, protocol and namespace. */
  List<Rule> of(List<Listener> listeners) {
    RandomPorts random = RandomPorts.of(listeners, ephemeral);
    Map<RuleKey, List<Listener>> groups =
        listeners.stream()
            .filter(listener -> !random.covers(listener))
            .collect(Collectors.groupingBy(RuleKey::of, TreeMap::new, Collectors.toList()));
    Stream<Rule> anywhere =
        random.groups().stream()
            .map(
                group ->
                    group.rule(
                        names.anyPort(group.listeners()),
                        reason + period.words(group.listeners())));
    return Stream.concat(anywhere, ports(groups).stream().map(rule -> ofGroups(rule, reason)))
        .toList();
  }

  /** Ports of one owner with the same terms share a rule from {@link #MANY_PORTS} on. */
  private static List<List<List<Listener>>> ports(Map<RuleKey, List<Listener>> groups) {
    record Terms(
        Protocol protocol, String namespace, List<AddressTerm> addresses, List<OwnerTerm> by) {}
    Map<Terms, List<List<Listener>>> byTerms = new LinkedHashMap<>();
    groups.forEach(
        (key, group) ->
            byTerms
                .computeIfAbsent(
                    new Terms(
                        key.protocol(),
                        key.namespace(),
                        AddressTerms.of(group),
                        OwnerTerms.of(group)),
                    terms -> new ArrayList<>())
                .add(group));
    List<List<List<Listener>>> rules = new ArrayList<>();
    byTerms.forEach(
        (terms, same) -> {
          if (same.size() >= MANY_PORTS && !terms.by().isEmpty()) {
            rules.add(same);
          } else {
            same.forEach(group -> rules.add(List.of(group)));
          }
        });
    rules.sort(Comparator.comparing(rule -> RuleKey.of(rule.get(0).get(0))));
    return rules;
  }

  /** The ports of the groups as few ranges. */
  private static List<PortRange> ranges(List<List<Listener>> groups) {
    List<PortRange> ranges = new ArrayList<>();
    for (List<Listener> group : groups) {
      int port = group.get(0).endpoint().port();
      int last = ranges.size() - 1;
      if (last >= 0 && ranges.get(last).last() + 1 == port) {
        ranges.set(last, new PortRange(ranges.get(last).first(), port));
      } else {
        ranges.add(new PortRange(port, port));
      }
    }
    return ranges;
  }

  /** The rules about sockets of other families that no kept rule decides. */
  List<Rule> of(SocketLearning sockets, List<Rule> kept) {
    return sockets.rules(kept, names, reason);
  }

  /** The rules about the sockets of other families of many hosts. */
  List<Rule> of(SocketMerge sockets) {
    return sockets.rules(names);
  }

  /** The listeners whose owner was not seen, one line each. */
  List<String> gaps() {
    return gaps;
  }

  /** The rule of the listeners of one port. */
  Rule rule(List<Listener> group, String why) {
    return ofGroups(List.of(group), why);
  }

  private Rule ofGroups(List<List<Listener>> groups, String why) {
    List<Listener> group = groups.stream().flatMap(List::stream).toList();
    Endpoint at = group.get(0).endpoint();
    List<OwnerTerm> by = OwnerTerms.of(groups.get(0));
    if (by.isEmpty()) {
      group.stream()
          .filter(listener -> listener.unknownOwner() != UnknownOwner.KERNEL)
          .forEach(listener -> gaps.add(listener.endpoint() + ": its owner was not seen"));
    }
    return new Rule(
        names.next(group),
        new RuleScope(ranges(groups), Set.of(at.protocol()), RuleKey.of(group.get(0)).namespace()),
        Expectation.ALLOWED,
        new RuleTerms(AddressTerms.of(groups.get(0)), by),
        NotifySettings.of(Severity.WARNING, why + period.words(group) + caveat(groups.get(0), by)));
  }

  private static boolean isOfKernel(Listener listener) {
    return listener.unknownOwner() == UnknownOwner.KERNEL;
  }

  /** Warns the reviewer if the terms are wider than the observation. */
  private static String caveat(List<Listener> group, List<OwnerTerm> by) {
    if (by.isEmpty() && group.stream().allMatch(NewRules::isOfKernel)) {
      return "; no process holds it, only the kernel, so any owner is allowed";
    }
    if (by.isEmpty()) {
      return "; its owner was not seen, so any owner is allowed";
    }
    boolean proof = group.stream().flatMap(l -> l.owners().stream()).allMatch(OwnerTerms::hasProof);
    long owners = group.stream().map(l -> OwnerTerms.of(List.of(l))).distinct().count();
    boolean versioned =
        by.stream().anyMatch(term -> term.executable() != null && term.executable().isWild());
    return (versioned ? "; * in its path stands for any version" : "")
        + (owners > 1 ? "; each owner may listen on each address" : "")
        + (proof
            ? ""
            : "; any executable is allowed, because its file was removed or is in another mount"
                + " namespace");
  }
}
