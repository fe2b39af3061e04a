package io.portcurfew.baseline;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may hold what was seen: all of an owner that can be tested again and that a policy can say.
 */
final class OwnerTerms {

  /** Cut text is the beginning of many paths; a pattern takes three signs for one. */
  private static final int LONGEST_PATH = 1300;

  /** In no path that the kernel tells. */
  private static final Pattern NEVER_SEEN = Pattern.compile("//|/\\.\\.?(?:/|$)|/$");

  private static final Pattern USER = Pattern.compile("(?![0-9]+$)[^\\s:/]{1,256}");

  /** A scope is made anew each time, so its name will not come again: sessions, containers. */
  private static final Pattern UNIT =
      Pattern.compile("(?:[^\\s/]+\\.(?:service|scope)/)?[^\\s/]+\\.service");

  /** In a policy 12 to 63 digits stand for an id of 64. */
  private static final Pattern CONTAINER =
      Pattern.compile("(?![0-9a-f]{12,63}$)[A-Za-z0-9][A-Za-z0-9_.-]{0,255}");

  private OwnerTerms() {}

  /**
   * One a kind of owner, in a stable order; empty where somebody who holds one of these could not
   * be told from anybody else.
   */
  static List<OwnerTerm> of(List<Listener> listeners) {
    if (listeners.stream().anyMatch(listener -> listener.owners().isEmpty())) {
      return List.of();
    }
    List<Optional<OwnerTerm>> terms =
        listeners.stream().flatMap(l -> l.owners().stream()).map(OwnerTerms::of).toList();
    return terms.stream().anyMatch(Optional::isEmpty)
        ? List.of()
        : terms.stream()
            .flatMap(Optional::stream)
            .distinct()
            .sorted(Comparator.comparing(OwnerTerm::toString))
            .toList();
  }

  private static Optional<OwnerTerm> of(Owner owner) {
    OwnerDetails details = owner.details();
    HostText path = hasProof(owner) ? owner.executable() : null;
    String executable = path == null ? null : path.toString();
    String user = sayable(USER, owner.user());
    String unit = details.unit() == null ? null : unit(details.unit());
    String container = sayable(CONTAINER, details.container());
    if (Stream.of(executable, user, unit, container).allMatch(fact -> fact == null)) {
      return Optional.empty();
    }
    PathPattern exactly = executable == null ? null : PathPattern.exactly(executable);
    return Optional.of(new OwnerTerm(exactly, user, unit, container, null, null));
  }

  /**
   * Whether the path of its executable is known and proves which file it is; of a file that was
   * removed, or of another mount namespace, no rule can ever test it.
   */
  static boolean hasProof(Owner owner) {
    HostText path = owner.executable();
    return path != null
        && path.toString().length() <= LONGEST_PATH
        && path.toString().startsWith("/")
        && !NEVER_SEEN.matcher(path.toString()).find()
        && Boolean.FALSE.equals(owner.details().elsewhere())
        && !hasLostItsFile(owner);
  }

  /** Whether the path of its executable no longer names the file that it runs. */
  static boolean hasLostItsFile(Owner owner) {
    return Boolean.TRUE.equals(owner.details().deleted())
        || Boolean.TRUE.equals(owner.details().elsewhere());
  }

  private static @Nullable String unit(HostText unit) {
    return unit.toString().length() > 256 ? null : sayable(UNIT, unit);
  }

  private static @Nullable String sayable(Pattern form, @Nullable HostText fact) {
    return fact != null && form.matcher(fact.toString()).matches() ? fact.toString() : null;
  }
}
