package io.portcurfew.policy;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * For each protocol, namespace and port the first rule that is about it. Rules are added in their
 * order; what one takes, no later one gets.
 */
final class RuleIndex {

  /** A rule and its place in the policy. */
  record Placed(int place, Rule rule) {}

  /** A table; of a rule about any namespace the namespace is {@code null}. */
  private record Key(Protocol protocol, @Nullable String namespace) {}

  /** Ports that one rule took, the first of them being the key. */
  private record Taken(int last, Placed by) {}

  /** The ports that are taken and those that are free, each as first port and last. */
  private static final class Table {
    final TreeMap<Integer, Taken> taken = new TreeMap<>();
    final TreeMap<Integer, Integer> free = new TreeMap<>(Map.of(1, 65535));

    /** The first port from this one on that is free; one behind the last where none is. */
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

  private final Map<Key, Table> tables = new HashMap<>();

  void add(int place, Rule rule) {
    Placed placed = new Placed(place, rule);
    for (Protocol protocol : rule.scope().protocols()) {
      Key key = new Key(protocol, rule.scope().namespace());
      Table table = tables.computeIfAbsent(key, wanted -> new Table());
      rule.scope().ports().forEach(range -> take(table, range, placed));
    }
  }

  /** Only what is free is walked over, so a port is taken once, however many rules name it. */
  private static void take(Table table, PortRange range, Placed by) {
    Map.Entry<Integer, Integer> gap = table.free.floorEntry(range.last());
    while (gap != null && gap.getValue() >= range.first()) {
      int from = Math.max(gap.getKey(), range.first());
      int to = Math.min(gap.getValue(), range.last());
      table.taken.put(from, new Taken(to, by));
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

  /** The first of the added rules that is about the endpoint. */
  @Nullable Placed about(Endpoint endpoint) {
    Placed anywhere = about(new Key(endpoint.protocol(), null), endpoint.port());
    Placed here = about(new Key(endpoint.protocol(), endpoint.namespace()), endpoint.port());
    if (anywhere == null || here == null) {
      return anywhere == null ? here : anywhere;
    }
    return here.place() < anywhere.place() ? here : anywhere;
  }

  private @Nullable Placed about(Key key, int port) {
    Table table = tables.get(key);
    Map.Entry<Integer, Taken> entry = table == null ? null : table.taken.floorEntry(port);
    return entry == null || entry.getValue().last() < port ? null : entry.getValue().by();
  }

  /** Whether some endpoint of the scope has no rule yet. */
  boolean leavesSomeOf(RuleScope scope) {
    return scope.protocols().stream()
        .anyMatch(
            protocol -> {
              Table anywhere = table(protocol, null);
              Table here =
                  scope.namespace() == null ? anywhere : table(protocol, scope.namespace());
              return scope.ports().stream().anyMatch(range -> isFree(range, anywhere, here));
            });
  }

  /** Whether a gap of one table meets a gap of the other within the range. */
  private static boolean isFree(PortRange range, Table one, Table other) {
    int port = range.first();
    while (port <= range.last()) {
      int free = Math.max(one.nextFree(port), other.nextFree(port));
      if (free == port) {
        return true;
      }
      port = free;
    }
    return false;
  }

  private Table table(Protocol protocol, @Nullable String namespace) {
    return tables.getOrDefault(new Key(protocol, namespace), new Table());
  }

  /**
   * Some of the rules that are first about a part of the scope, in their order.
   *
   * @param most of how many parts it is looked up
   */
  List<Rule> firstAbout(RuleScope scope, int most) {
    TreeMap<Integer, Rule> found = new TreeMap<>();
    for (Protocol protocol : scope.protocols()) {
      for (PortRange range : scope.ports()) {
        table(protocol, null).collect(range, most, found);
        if (scope.namespace() != null) {
          table(protocol, scope.namespace()).collect(range, most, found);
        }
      }
    }
    return List.copyOf(found.values());
  }
}
