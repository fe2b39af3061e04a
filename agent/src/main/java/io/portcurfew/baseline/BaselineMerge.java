package io.portcurfew.baseline;

import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.observe.Listener;
import io.portcurfew.policy.Rule;
import io.portcurfew.text.ShortList;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Makes one policy of the listeners of many hosts: first those that all hosts have, then those of
 * groups, of several hosts, and those that one host has alone, marked for review; last the sockets
 * of other families. A rule of several hosts is marked too if one of them alone has an owner or an
 * address of it.
 */
public final class BaselineMerge {

  private static final int MOST_NAMED = 5;
  private static final int MOST_REMARKS = 200;
  private static final List<String> HEAD =
      List.of(
          "It allows the listeners of several hosts on each of them. Nobody has approved it yet.",
          "Each because names the hosts. Begin with the rules marked REVIEW: one host has them alone, or an",
          "owner or an address of them.");

  private final List<HostListeners> hosts;
  private final Map<String, Set<String>> groups;
  private final LocalDate day;

  private BaselineMerge(List<HostListeners> hosts, Map<String, Set<String>> groups, LocalDate day) {
    this.hosts = hosts;
    this.groups = groups;
    this.day = day;
  }

  /** The spread of a rule's listeners over the hosts, in the order of the file. */
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
    Map<RuleKey, Map<String, List<Listener>>> listeners = new TreeMap<>();
    for (HostListeners host : hosts) {
      for (Listener listener : host.listeners()) {
        listeners
            .computeIfAbsent(RuleKey.of(listener), none -> new TreeMap<>())
            .computeIfAbsent(host.host(), none -> new ArrayList<>())
            .add(listener);
      }
    }
    NewRules rules = new NewRules(Set.of());
    Stream<Rule> ofListeners =
        listeners.entrySet().stream()
            .map(entry -> merged(entry.getKey(), entry.getValue()))
            .sorted(Comparator.comparing(Merged::spread).thenComparing(Merged::key))
            .map(one -> rules.rule(one.listeners(), one.reason()));
    return Stream.concat(ofListeners, rules.of(new SocketMerge(hosts, day)).stream()).toList();
  }

  private Merged merged(RuleKey key, Map<String, List<Listener>> byHost) {
    Set<String> holders = byHost.keySet();
    long all = hosts.stream().map(HostListeners::host).distinct().count();
    Optional<String> group =
        groups.entrySet().stream()
            .filter(one -> one.getValue().size() > 1 && holders.equals(one.getValue()))
            .map(Map.Entry::getKey)
            .findFirst();
    String names =
        String.join(", ", holders.stream().limit(MOST_NAMED).toList())
            + (holders.size() > MOST_NAMED ? ", ..." : "");
    List<Listener> of = byHost.values().stream().flatMap(List::stream).toList();
    if (holders.size() == all && all > 1) {
      return new Merged(Spread.ALL, key, of, reason("all " + all + " hosts", "", byHost));
    }
    if (group.isPresent()) {
      return new Merged(Spread.GROUP, key, of, reason("group " + group.get(), "", byHost));
    }
    return holders.size() > 1
        ? new Merged(
            Spread.SEVERAL,
            key,
            of,
            reason(holders.size() + " of " + all + " hosts", ": " + names, byHost))
        : new Merged(
            Spread.ALONE, key, of, "REVIEW: learned on " + day + " from " + names + " alone");
  }

  private String reason(String from, String names, Map<String, List<Listener>> byHost) {
    String learned = "learned on " + day + " from " + from;
    List<String> alone = LoneParts.of(byHost);
    return alone.isEmpty()
        ? learned + ", not yet reviewed" + names
        : "REVIEW: " + learned + names + "; of one host alone: " + ShortList.of(alone, MOST_NAMED);
  }
}
