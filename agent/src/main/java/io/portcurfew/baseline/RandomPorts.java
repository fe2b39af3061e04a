package io.portcurfew.baseline;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.policy.Expectation;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The listeners of RPC services, which get other ports at each start: from bindresvport(3), which
 * gives 600 to 1023, or from the range of client ports. A rule for such a port would be wrong after
 * the next start, so a rule selects them by their owner.
 */
final class RandomPorts {

  /** The ports that bindresvport(3) gives away (STARTPORT and ENDPORT in sunrpc/bindrsvprt.c). */
  private static final PortRange RESERVED = new PortRange(600, 1023);

  /** A single port of a program may as well be chosen by its config. */
  private static final int FEWEST = 2;

  private final List<PortGroup> groups = new ArrayList<>();

  /** The listeners of one owner in one network namespace. */
  record PortGroup(String namespace, OwnerTerm owner, List<Listener> listeners) {

    Rule rule(String name, String reason) {
      Set<Protocol> protocols =
          listeners.stream()
              .map(listener -> listener.endpoint().protocol())
              .collect(Collectors.toCollection(TreeSet::new));
      String why = "; it gets other ports at each start (bindresvport or client ports)";
      return new Rule(
          name,
          new RuleScope(RuleScope.EVERY_PORT, protocols, namespace, List.of(owner)),
          Expectation.ALLOWED,
          RuleTerms.NONE,
          NotifySettings.of(Severity.WARNING, reason + why));
    }
  }

  private RandomPorts() {}

  /** The groups among listeners: all ports of an RPC program are of one of both ranges. */
  static RandomPorts of(List<Listener> listeners, PortRange ephemeral) {
    record RandomPortKey(String namespace, OwnerTerm owner) {}
    Map<RandomPortKey, List<Listener>> byOwner = new LinkedHashMap<>();
    for (Listener listener : listeners) {
      List<OwnerTerm> terms = OwnerTerms.of(List.of(listener));
      if (terms.size() == 1 && isRpc(terms.get(0))) {
        String namespace = StableNames.namespace(listener.endpoint().namespace());
        byOwner
            .computeIfAbsent(new RandomPortKey(namespace, terms.get(0)), key -> new ArrayList<>())
            .add(listener);
      }
    }
    RandomPorts random = new RandomPorts();
    byOwner.forEach(
        (key, held) -> {
          if (held.size() >= FEWEST && held.stream().allMatch(one -> isRandom(one, ephemeral))) {
            random.groups.add(new PortGroup(key.namespace(), key.owner(), List.copyOf(held)));
          }
        });
    return random;
  }

  /** By the name of its file, which is proven beside its user. */
  private static boolean isRpc(OwnerTerm term) {
    String path = term.executable() == null ? "" : term.executable().text();
    String name = path.substring(path.lastIndexOf('/') + 1);
    return term.user() != null && (name.startsWith("rpc.") || name.equals("ypbind"));
  }

  private static boolean isRandom(Listener listener, PortRange ephemeral) {
    int port = listener.endpoint().port();
    return RESERVED.contains(port) || ephemeral.contains(port);
  }

  List<PortGroup> groups() {
    return groups;
  }

  /** True if a group has this listener. */
  boolean covers(Listener listener) {
    return groups.stream().anyMatch(group -> group.listeners().contains(listener));
  }
}
