package io.portcurfew.observe.linux.namespace;

import io.portcurfew.observe.NamespaceGroup;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names network namespaces by their current state, so that every scan assigns the same names. The
 * name is the first known of these: the name under /run/netns, the container, the unit, the inode.
 * If several namespaces would have the same name, a bound one comes first, then the one with the
 * oldest process.
 */
final class NamespaceNames {

  private static final Comparator<NetworkNamespace> ORDER =
      Comparator.comparing(NetworkNamespace::isHost, Comparator.reverseOrder())
          .thenComparing(namespace -> namespace.boundAs() == null)
          .thenComparing(NetworkNamespace::memberSince)
          .thenComparing(NetworkNamespace::inode);

  private static final String ANY = "any";

  private NamespaceNames() {}

  /** Names all namespaces and returns true if a name has changed. */
  static boolean give(Collection<NetworkNamespace> all) {
    // No namespace has a word of the policy as its name.
    Set<String> taken = new HashSet<>(Set.of(ANY));
    Stream.of(NamespaceGroup.values()).map(NamespaceGroup::label).forEach(taken::add);
    boolean renamed = false;
    List<NetworkNamespace> ordered = all.stream().sorted(ORDER).toList();
    for (NetworkNamespace namespace : ordered) {
      String label = namespace.isHost() ? namespace.name() : namespace.label();
      String name = taken.add(label) ? label : label + " " + namespace.number();
      taken.add(name);
      renamed |= namespace.rename(name);
    }
    return renamed;
  }
}
