package io.portcurfew.baseline;

import io.portcurfew.observe.OtherSocket;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.text.ShortList;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes rules of the sockets of other families than TCP and UDP of many hosts: one for each family
 * and network namespace, since the first rule about a family decides all of its sockets. Its reason
 * names the owners that one host has alone.
 */
final class SocketMerge {

  private static final int MOST_NAMED = 5;

  private final List<HostListeners> hosts;
  private final LocalDate day;
  private final Map<SocketLearning.FamilyKey, List<OtherSocket>> sockets = new TreeMap<>();
  private final Map<SocketLearning.FamilyKey, Map<String, Set<String>>> holders = new TreeMap<>();

  SocketMerge(List<HostListeners> hosts, LocalDate day) {
    this.hosts = hosts;
    this.day = day;
    hosts.forEach(host -> host.sockets().forEach(socket -> add(host.host(), socket)));
  }

  private void add(String host, OtherSocket socket) {
    SocketLearning.FamilyKey key = SocketLearning.FamilyKey.of(socket);
    sockets.computeIfAbsent(key, none -> new ArrayList<>()).add(socket);
    Map<String, Set<String>> owners = holders.computeIfAbsent(key, none -> new TreeMap<>());
    for (OwnerTerm term : OwnerTerms.ofSockets(List.of(socket))) {
      owners.computeIfAbsent(term.toString(), none -> new TreeSet<>()).add(host);
    }
  }

  /** The rules in order of family and network namespace. */
  List<Rule> rules(RuleNames names) {
    return sockets.entrySet().stream()
        .map(
            entry ->
                SocketLearning.rule(
                    entry.getKey(),
                    entry.getValue(),
                    names,
                    reason(holders.getOrDefault(entry.getKey(), Map.of()))))
        .toList();
  }

  private String reason(Map<String, Set<String>> hostsOfOwners) {
    long all = hosts.stream().map(HostListeners::host).distinct().count();
    Set<String> with = new TreeSet<>();
    hostsOfOwners.values().forEach(with::addAll);
    String learned = "learned on " + day + " from ";
    if (with.size() == 1) {
      return "REVIEW: " + learned + with.iterator().next() + " alone";
    }
    List<String> alone =
        hostsOfOwners.entrySet().stream()
            .filter(owner -> owner.getValue().size() == 1)
            .map(owner -> owner.getKey() + " (" + owner.getValue().iterator().next() + ")")
            .toList();
    String from =
        with.size() == all ? "all " + all + " hosts" : with.size() + " of " + all + " hosts";
    return alone.isEmpty()
        ? learned + from + ", not yet reviewed"
        : "REVIEW: " + learned + from + "; of one host alone: " + ShortList.of(alone, MOST_NAMED);
  }
}
