package io.portcurfew.observe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A word of a policy for several network namespaces. No namespace has such a word as its name. */
public enum NamespaceGroup {
  /** Every namespace that belongs to a container or a pod. */
  CONTAINERS,
  /** Every namespace but the host's own. */
  OTHERS;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The word in a policy. */
  public String label() {
    return label;
  }

  /** True if the namespace with this name is one of them. */
  public boolean contains(String namespace) {
    return switch (this) {
      case CONTAINERS ->
          namespace.equals(label)
              || namespace.startsWith(Container.NAMESPACE_PREFIX)
              || namespace.startsWith(Container.POD_PREFIX);
      case OTHERS -> !namespace.equals(Endpoint.HOST);
    };
  }

  /**
   * True if a namespace is in what a rule states.
   *
   * @param wanted the name of a namespace, or the word of a group; {@code null} is any namespace
   * @param namespace a name, or the word of a group, all of which has to be in it
   */
  public static boolean matches(@Nullable String wanted, String namespace) {
    if (wanted == null || wanted.equals(namespace)) {
      return true;
    }
    for (NamespaceGroup group : values()) {
      if (group.label.equals(wanted)) {
        return group.contains(namespace);
      }
    }
    return false;
  }
}
