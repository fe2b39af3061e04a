package io.portcurfew.observe.linux;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names network namespaces by what is there now, so that every look gives the same names: the name
 * under /run/netns, the container, the unit, or the inode, the first that is known. Of several that
 * would have the same name a bound one comes first, then the one whose process is oldest.
 */
final class NamespaceNames {

  private static final Comparator<NetworkNamespace> ORDER =
      Comparator.comparing(NetworkNamespace::isHost, Comparator.reverseOrder())
          .thenComparing(namespace -> namespace.boundAs() == null)
          .thenComparing(NetworkNamespace::memberSince)
          .thenComparing(NetworkNamespace::inode);

  private NamespaceNames() {}

  /** Names them all; whether one has another name than before. */
  static boolean give(Collection<NetworkNamespace> all) {
    Set<String> taken = new HashSet<>();
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
