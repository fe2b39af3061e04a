package io.portcurfew.baseline;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.OwnerTerm;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds what one host has alone of a port that several hosts share: an owner, or an address that
 * other hosts can reach. The rule would allow it on each of them.
 */
final class LoneParts {

  private LoneParts() {}

  /**
   * The parts with the names of their hosts, in order.
   *
   * @param byHost the listeners of the port by host
   */
  static List<String> of(Map<String, List<Listener>> byHost) {
    if (byHost.size() < 2) {
      return List.of();
    }
    Map<String, Set<String>> holders = new TreeMap<>();
    byHost.forEach(
        (host, listeners) ->
            listeners.stream()
                .flatMap(LoneParts::parts)
                .forEach(part -> holders.computeIfAbsent(part, none -> new TreeSet<>()).add(host)));
    return holders.entrySet().stream()
        .filter(part -> part.getValue().size() == 1)
        .map(part -> part.getKey() + " (" + part.getValue().iterator().next() + ")")
        .toList();
  }

  private static Stream<String> parts(Listener listener) {
    Stream<String> reach =
        listener.endpoint().address().isLoopback()
            ? Stream.empty()
            : Stream.of("an address beyond loopback");
    return Stream.concat(owners(listener), reach);
  }

  private static Stream<String> owners(Listener listener) {
    List<OwnerTerm> terms = OwnerTerms.of(List.of(listener));
    if (!terms.isEmpty()) {
      return terms.stream().map(OwnerTerm::toString);
    }
    return Stream.of(
        listener.unknownOwner() == UnknownOwner.KERNEL ? "the kernel" : "an unknown owner");
  }
}
