package io.portcurfew.baseline;

import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Rule;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes one policy of the listeners of many hosts: first those that all hosts have, then those of
 * groups, of several hosts, and those that one host has alone, marked for review; last the sockets
 * of other families.
 */
public final class BaselineMerge {

  private static final int MOST_NAMED = 5;
  private static final int MOST_REMARKS = 200;
  private static final List<String> HEAD =
      List.of(
          "It allows the listeners of several hosts on each of them. Nobody has approved it yet.",
          "Each because names the hosts; begin with the rules marked REVIEW, which one host has alone.");

  private final List<HostListeners> hosts;
  private final Map<String, Set<String>> groups;
  private final LocalDate day;

  private BaselineMerge(List<HostListeners> hosts, Map<String, Set<String>> groups, LocalDate day) {
    this.hosts = hosts;
    this.groups = groups;
    this.day = day;
  }

  /** How widely a rule's listeners are spread, in the order of the file. */
  private enum Spread {
    ALL,
    GROUP,
    SEVERAL,
    ALONE
  }

  private record Merged(Spread spread, RuleKey key, List<Listener> listeners, String reason) {}

  /**
   * Merges hosts.
   *
   * @param groups the hosts of each group by its name
   * @param day the day that the rules name
   */
  public static List<Rule> rules(
      List<HostListeners> hosts, Map<String, Set<String>> groups, LocalDate day) {
    return new BaselineMerge(hosts, groups, day).rules();
  }

  /** The file with these rules and with what the hosts did not approve or could not see. */
  public static String text(List<Rule> rules, List<HostListeners> hosts) {
    List<String> remarks = new ArrayList<>(HEAD);
    hosts.stream()
        .flatMap(host -> host.notApproved().stream())
        .limit(MOST_REMARKS)
        .forEach(line -> remarks.add("not approved: " + line));
    hosts.stream()
        .flatMap(host -> host.gaps().stream())
        .limit(MOST_REMARKS)
        .forEach(line -> remarks.add("not seen: " + line));
    remarks.add("");
    return LearnedFile.text(rules, remarks);
  }

  private List<Rule> rules() {
    Map<RuleKey, Set<String>> holders = new TreeMap<>();
    Map<RuleKey, List<Listener>> listeners = new TreeMap<>();
    for (HostListeners host : hosts) {
      for (Listener listener : host.listeners()) {
        RuleKey key = RuleKey.of(listener);
        holders.computeIfAbsent(key, none -> new TreeSet<>()).add(host.host());
        listeners.computeIfAbsent(key, none -> new ArrayList<>()).add(listener);
      }
    }
    NewRules rules = new NewRules(Set.of());
    Stream<Rule> ofListeners =
        holders.entrySet().stream()
            .map(entry -> merged(entry.getKey(), entry.getValue(), listeners))
            .sorted(Comparator.comparing(Merged::spread).thenComparing(Merged::key))
            .map(one -> rules.rule(one.listeners(), one.reason()));
    return Stream.concat(ofListeners, rules.of(new SocketMerge(hosts, day)).stream()).toList();
  }

  private Merged merged(RuleKey key, Set<String> holders, Map<RuleKey, List<Listener>> listeners) {
    List<Listener> of = listeners.getOrDefault(key, List.of());
    long all = hosts.stream().map(HostListeners::host).distinct().count();
    String learned = "learned on " + day + " from ";
    if (holders.size() == all && all > 1) {
      return new Merged(Spread.ALL, key, of, learned + "all " + all + " hosts, not yet reviewed");
    }
    List<String> whole =
        groups.entrySet().stream()
            .filter(group -> group.getValue().size() > 1 && holders.equals(group.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (!whole.isEmpty()) {
      return new Merged(
          Spread.GROUP, key, of, learned + "group " + whole.get(0) + ", not yet reviewed");
    }
    String names =
        String.join(", ", holders.stream().limit(MOST_NAMED).toList())
            + (holders.size() > MOST_NAMED ? ", ..." : "");
    return holders.size() > 1
        ? new Merged(
            Spread.SEVERAL,
            key,
            of,
            learned + holders.size() + " of " + all + " hosts, not yet reviewed: " + names)
        : new Merged(Spread.ALONE, key, of, "REVIEW: " + learned + names + " alone");
  }
}
