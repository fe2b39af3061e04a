package io.portcurfew.baseline;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.NamespaceGroup;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import io.portcurfew.policy.Rule;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names of a namespace or a container that stay after its next start; pure. The kernel
 * gives the inode number of a namespace that has ended to the next one, and an engine chooses a
 * random id for each container, so neither is learned.
 */
final class StableNames {

  /** An inode number, or 12 digits or more of an id, also within a name. */
  private static final Pattern RANDOM =
      Pattern.compile(
          "net:\\[[0-9]+\\]|(?<![0-9A-Za-z])[0-9a-f]{12,}(?![0-9A-Za-z])"
              + "|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /**
   * The end of the name of a pod that a ReplicaSet or a DaemonSet made, in the alphabet of
   * Kubernetes (apimachinery, util/rand).
   */
  private static final Pattern POD =
      Pattern.compile(
          "(?<owner>.+?)(?:-[bcdfghjklmnpqrstvwxz2456789]{6,10})?"
              + "-[bcdfghjklmnpqrstvwxz2456789]{5}");

  private StableNames() {}

  /** True if this text has no part that is chosen at random. */
  static boolean isStable(String text) {
    return !RANDOM.matcher(text).find();
  }

  /**
   * The namespace of a learned rule. The owner terms name the container, and a namespace that has
   * no stable name is one of the others.
   */
  static String namespace(String namespace) {
    if (namespace.equals(Endpoint.HOST)) {
      return namespace;
    }
    if (NamespaceGroup.CONTAINERS.contains(namespace)) {
      return NamespaceGroup.CONTAINERS.label();
    }
    return isStable(namespace) ? namespace : NamespaceGroup.OTHERS.label();
  }

  /** The names of a container by which a rule finds it again; {@code null} if there are none. */
  static @Nullable ContainerTerm container(Container container) {
    HostText name = container.name();
    if (container.project() != null && container.service() != null) {
      return new ContainerTerm(
          null, null, null, exactly(container.project()), exactly(container.service()), null, null);
    }
    if (container.pod() != null) {
      return new ContainerTerm(
          null,
          exactly(name),
          null,
          null,
          null,
          pod(container.pod().toString()),
          exactly(container.podNamespace()));
    }
    boolean stable = name != null && isStable(name.toString());
    return stable ? new ContainerTerm(null, exactly(name), null, null, null, null, null) : null;
  }

  /** True if this program runs in a container by whose names no rule finds it again. */
  static boolean isInUnnamedContainer(Owner owner) {
    Container in = owner.details().container();
    return in != null && container(in) == null;
  }

  private static PathPattern pod(String name) {
    Matcher made = POD.matcher(name);
    return made.matches()
        ? new PathPattern(PathPattern.exactly(made.group("owner")).text() + "-*")
        : PathPattern.exactly(name);
  }

  private static @Nullable PathPattern exactly(@Nullable HostText text) {
    return text == null ? null : PathPattern.exactly(text.toString());
  }

  /** True if a rule names nothing that is chosen at random. */
  static boolean isStable(Rule rule) {
    String namespace = rule.scope().namespace();
    return (namespace == null || isStable(namespace))
        && rule.terms().by().stream().allMatch(StableNames::isStable);
  }

  private static boolean isStable(OwnerTerm term) {
    ContainerTerm container = term.container();
    return container == null || container.id() == null || isStable(container.id());
  }
}
