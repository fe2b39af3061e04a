package io.portcurfew.judge;

import io.portcurfew.observe.Listener;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The order in which listeners get a bounded place: the namespace of the host first, and in each
 * namespace the users of the owners take turns, so nobody displaces the listeners of others by
 * opening many.
 */
public final class ListenerTurns {

  private static final Comparator<Turn> ORDER =
      Comparator.comparing((Turn turn) -> !turn.listener().endpoint().namespace().equals("host"))
          .thenComparingInt(Turn::number)
          .thenComparing(Turn::listener);

  private ListenerTurns() {}

  private record Turn(Listener listener, int number) {}

  private record NamespaceUser(String namespace, String user) {}

  /** The listeners in this order. */
  public static List<Listener> of(Collection<Listener> listeners) {
    Map<NamespaceUser, Integer> taken = new HashMap<>();
    return listeners.stream()
        .sorted()
        .map(listener -> new Turn(listener, taken.merge(group(listener), 1, Integer::sum)))
        .collect(Collectors.toList())
        .stream()
        .sorted(ORDER)
        .map(Turn::listener)
        .toList();
  }

  private static NamespaceUser group(Listener listener) {
    String user =
        listener.owners().stream()
            .findFirst()
            .map(owner -> String.valueOf(owner.uid()))
            .orElse("unknown");
    return new NamespaceUser(listener.endpoint().namespace(), user);
  }
}
