package io.portcurfew.judge;

import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What earlier rules leave a rule to decide, as long as it counts: exact over ports, protocols and
 * namespaces, where no end of named namespaces makes up for any.
 *
 * @param by the earlier rules that decide part of what the rule is about, in their order; none that
 *     runs out before the rule does
 * @param isWhole whether they decide all of it
 */
public record Cover(Rule rule, List<Rule> by, boolean isWhole) {

  public Cover {
    by = List.copyOf(by);
  }

  /** One a rule, in their order. */
  public static List<Cover> of(List<Rule> rules) {
    List<Span> spans = rules.stream().map(Span::of).toList();
    List<Cover> covers = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      covers.add(of(spans.get(i), spans.subList(0, i)));
    }
    return covers;
  }

  private static Cover of(Span late, List<Span> earlier) {
    Map<Protocol, BitSet> left = ports(late.rule().scope());
    List<Rule> by = new ArrayList<>();
    for (Span early : earlier) {
      if (early.meets(late) && outlasts(early.rule(), late.rule()) && take(early.rule(), left)) {
        by.add(early.rule());
        if (left.values().stream().allMatch(BitSet::isEmpty)) {
          return new Cover(late.rule(), by, true);
        }
      }
    }
    return new Cover(late.rule(), by, false);
  }

  /** A rule with its lowest and its highest port: most rules are told apart by these alone. */
  private record Span(Rule rule, int first, int last) {

    static Span of(Rule rule) {
      List<PortRange> ports = rule.scope().ports();
      return new Span(
          rule,
          ports.stream().mapToInt(PortRange::first).min().orElse(0),
          ports.stream().mapToInt(PortRange::last).max().orElse(0));
    }

    boolean meets(Span other) {
      String namespace = rule.scope().namespace();
      return first <= other.last
          && other.first <= last
          && (namespace == null || namespace.equals(other.rule.scope().namespace()));
    }
  }

  private static boolean outlasts(Rule early, Rule late) {
    return early.until() == null || (late.until() != null && !early.until().isBefore(late.until()));
  }

  private static Map<Protocol, BitSet> ports(Scope scope) {
    Map<Protocol, BitSet> ports = new EnumMap<>(Protocol.class);
    for (Protocol protocol : scope.protocols()) {
      ports.put(protocol, scope.allPorts());
    }
    return ports;
  }

  /** Whether there was anything to take. */
  private static boolean take(Rule rule, Map<Protocol, BitSet> left) {
    boolean took = false;
    for (Protocol protocol : rule.scope().protocols()) {
      BitSet ports = left.getOrDefault(protocol, new BitSet());
      for (PortRange range : rule.scope().ports()) {
        int next = ports.nextSetBit(range.first());
        if (next >= 0 && next <= range.last()) {
          ports.clear(range.first(), range.last() + 1);
          took = true;
        }
      }
    }
    return took;
  }

  /** Those of the earlier rules that are about endpoints too that this rule is not about. */
  public List<Rule> broader() {
    return by.stream().filter(early -> !rule.scope().contains(early.scope())).toList();
  }
}
