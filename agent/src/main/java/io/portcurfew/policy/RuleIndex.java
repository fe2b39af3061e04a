package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The first rule for each protocol, namespace and port. Rules are added in their order; a port that
 * one rule has taken is not given to a later one.
 */
final class RuleIndex {

  /** A rule and its place in the policy. */
  record Placed(int place, Rule rule) {}

  /** The key of a table; the namespace is {@code null} for rules about any namespace. */
  private record IndexKey(Protocol protocol, @Nullable String namespace) {}

  /** A range of ports that one rule took; its first port is the key. */
  private record TakenRange(int last, Placed by) {}

  /** The taken and the free ranges, each by its first port. */
  private static final class PortTable {
    final TreeMap<Integer, TakenRange> taken = new TreeMap<>();
    final TreeMap<Integer, Integer> free = new TreeMap<>(Map.of(1, 65535));

    /** The first free port from this one on; 65536 if there is none. */
    int nextFree(int port) {
      Map.Entry<Integer, Integer> before = free.floorEntry(port);
      if (before != null && before.getValue() >= port) {
        return port;
      }
      Integer next = free.higherKey(port);
      return next == null ? 65536 : next;
    }

    void collect(PortRange range, int most, Map<Integer, Rule> into) {
      Integer from = taken.floorKey(range.first());
      taken.subMap(from == null ? 0 : from, true, range.last(), true).values().stream()
          .filter(part -> part.last() >= range.first())
          .limit(most)
          .forEach(part -> into.put(part.by().place(), part.by().rule()));
    }
  }

  private static final List<String> HOST_ONLY = List.of(Endpoint.HOST);

  private final Map<IndexKey, PortTable> tables = new HashMap<>();

  void add(int place, Rule rule) {
    Placed placed = new Placed(place, rule);
    for (Protocol protocol : rule.scope().protocols()) {
      IndexKey key = new IndexKey(protocol, rule.scope().namespace());
      PortTable table = tables.computeIfAbsent(key, wanted -> new PortTable());
      rule.scope().ports().forEach(range -> take(table, range, placed));
    }
  }

  /** Visits free ranges only, so a port is taken once, however many rules name it. */
  private static void take(PortTable table, PortRange range, Placed by) {
    Map.Entry<Integer, Integer> gap = table.free.floorEntry(range.last());
    while (gap != null && gap.getValue() >= range.first()) {
      int from = Math.max(gap.getKey(), range.first());
      int to = Math.min(gap.getValue(), range.last());
      table.taken.put(from, new TakenRange(to, by));
      table.free.remove(gap.getKey());
      if (gap.getKey() < from) {
        table.free.put(gap.getKey(), from - 1);
      }
      if (to < gap.getValue()) {
        table.free.put(to + 1, gap.getValue());
      }
      gap = table.free.lowerEntry(from);
    }
  }

  /** The first of the added rules that selects the endpoint. */
  @Nullable Placed about(Endpoint endpoint) {
    Placed first = about(new IndexKey(endpoint.protocol(), null), endpoint.port());
    for (String wanted : covering(endpoint.namespace())) {
      Placed here = about(new IndexKey(endpoint.protocol(), wanted), endpoint.port());
      first = first == null || (here != null && here.place() < first.place()) ? here : first;
    }
    return first;
  }

  /** The words by which a rule can select this namespace: its name, and those of its groups. */
  private static List<String> covering(String namespace) {
    if (namespace.equals(Endpoint.HOST)) {
      return HOST_ONLY;
    }
    List<String> words = new ArrayList<>(3);
    words.add(namespace);
    for (NamespaceGroup group : NamespaceGroup.values()) {
      if (!group.label().equals(namespace) && group.contains(namespace)) {
        words.add(group.label());
      }
    }
    return words;
  }

  private @Nullable Placed about(IndexKey key, int port) {
    PortTable table = tables.get(key);
    Map.Entry<Integer, TakenRange> entry = table == null ? null : table.taken.floorEntry(port);
    return entry == null || entry.getValue().last() < port ? null : entry.getValue().by();
  }

  /** True if an endpoint of the scope has no rule yet. */
  boolean leavesSomeOf(RuleScope scope) {
    return scope.protocols().stream()
        .anyMatch(
            protocol -> {
              List<PortTable> tables = tables(protocol, scope.namespace());
              return scope.ports().stream().anyMatch(range -> isFree(range, tables));
            });
  }

  /** True if a port of the range is free in all tables. */
  private static boolean isFree(PortRange range, List<PortTable> tables) {
    int port = range.first();
    while (port <= range.last()) {
      int from = port;
      int free = tables.stream().mapToInt(table -> table.nextFree(from)).max().orElse(from);
      if (free == port) {
        return true;
      }
      port = free;
    }
    return false;
  }

  /** The tables that decide every endpoint of a scope. */
  private List<PortTable> tables(Protocol protocol, @Nullable String namespace) {
    List<PortTable> tables = new ArrayList<>(List.of(table(protocol, null)));
    if (namespace != null) {
      covering(namespace).forEach(wanted -> tables.add(table(protocol, wanted)));
    }
    return tables;
  }

  private PortTable table(Protocol protocol, @Nullable String namespace) {
    return tables.getOrDefault(new IndexKey(protocol, namespace), new PortTable());
  }

  /**
   * The rules that decide parts of the scope, in their order.
   *
   * @param most the number of parts to look up
   */
  List<Rule> firstAbout(RuleScope scope, int most) {
    TreeMap<Integer, Rule> found = new TreeMap<>();
    for (Protocol protocol : scope.protocols()) {
      for (PortRange range : scope.ports()) {
        tables(protocol, scope.namespace()).forEach(table -> table.collect(range, most, found));
      }
    }
    return List.copyOf(found.values());
  }
}
