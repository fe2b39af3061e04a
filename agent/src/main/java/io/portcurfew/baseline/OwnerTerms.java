package io.portcurfew.baseline;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.OtherSocket;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.Redirect;
import io.portcurfew.observe.SocketActivation;
import io.portcurfew.policy.ContainerTerm;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.PathPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes owner terms from all observed facts that can be checked again and that a policy can
 * express.
 */
final class OwnerTerms {

  /** Longer paths may be cut; escaping as a pattern makes them up to three times as long. */
  private static final int LONGEST_PATH = 1300;

  /** Parts that no path of the kernel contains. */
  private static final Pattern NOT_CANONICAL = Pattern.compile("//|/\\.\\.?(?:/|$)|/$");

  private static final Pattern USER = Pattern.compile("(?![0-9]+$)[^\\s:/]{1,256}");

  /** Services only: scopes of sessions and containers get a new name each time. */
  private static final Pattern UNIT =
      Pattern.compile("(?:[^\\s/]+\\.(?:service|scope)/)?[^\\s/]+\\.service");

  private OwnerTerms() {}

  /**
   * One term per distinct owner, in a stable order; empty if some owner has no fact that identifies
   * it.
   */
  static List<OwnerTerm> of(List<Listener> listeners) {
    return distinct(listeners.stream().flatMap(OwnerTerms::receivers).toList());
  }

  /** The same of sockets of other families. */
  static List<OwnerTerm> ofSockets(List<OtherSocket> sockets) {
    return distinct(
        sockets.stream()
            .flatMap(
                socket ->
                    socket.knownOwners().isEmpty()
                        ? Stream.of(Optional.<OwnerTerm>empty())
                        : socket.knownOwners().stream().map(OwnerTerms::of))
            .toList());
  }

  private static List<OwnerTerm> distinct(List<Optional<OwnerTerm>> terms) {
    return terms.stream().anyMatch(Optional::isEmpty)
        ? List.of()
        : terms.stream()
            .flatMap(Optional::stream)
            .distinct()
            .sorted(Comparator.comparing(OwnerTerm::toString))
            .toList();
  }

  /**
   * A term for each owner and for the container of a redirect; empty ones where nothing is known.
   */
  private static Stream<Optional<OwnerTerm>> receivers(Listener listener) {
    Redirect via = listener.via();
    if (via == null || via.local()) {
      return listener.owners().isEmpty()
          ? Stream.of(Optional.empty())
          : listener.owners().stream().map(OwnerTerms::of);
    }
    Container container = via.container();
    ContainerTerm term = container == null ? null : StableNames.container(container);
    Optional<OwnerTerm> receiver =
        Optional.ofNullable(term).map(it -> new OwnerTerm(null, null, null, it, null, null));
    return Stream.concat(
        Stream.of(receiver),
        listener.owners().stream().filter(owner -> !via.isKeptBy(owner)).map(OwnerTerms::of));
  }

  private static Optional<OwnerTerm> of(Owner owner) {
    if (owner.kernel() != null) {
      return Optional.of(OwnerTerm.ofKernel(owner.kernel()));
    }
    OwnerDetails details = owner.details();
    if (details.inFlight()) {
      return Optional.empty();
    }
    SocketActivation activation = details.activation();
    if (activation != null) {
      // Holds while systemd waits for a client, and while the service runs.
      String service = unit(activation.service());
      return Optional.ofNullable(service)
          .map(name -> new OwnerTerm(null, null, name, null, null, null));
    }
    HostText path = hasProof(owner) ? owner.executable() : null;
    String executable = path == null ? null : path.toString();
    String user = owner.isOfOneUser() ? expressible(USER, owner.user()) : null;
    String unit = details.unit() == null ? null : unit(details.unit());
    Container in = details.container();
    ContainerTerm container = in == null ? null : StableNames.container(in);
    if (executable == null && user == null && unit == null && container == null) {
      return Optional.empty();
    }
    PathPattern exactly =
        executable == null
            ? null
            : user == null ? PathPattern.exactly(executable) : VersionedPath.pattern(executable);
    return Optional.of(new OwnerTerm(exactly, user, unit, container, null, null));
  }

  /**
   * True if the path of its executable is known and identifies the file. A rule cannot check a file
   * that was removed or is in another mount namespace.
   */
  static boolean hasProof(Owner owner) {
    HostText path = owner.executable();
    return path != null
        && path.toString().length() <= LONGEST_PATH
        && path.toString().startsWith("/")
        && !NOT_CANONICAL.matcher(path.toString()).find()
        && Boolean.FALSE.equals(owner.details().elsewhere())
        && !hasLostItsFile(owner);
  }

  /** True if the path of its executable no longer names the executed file. */
  static boolean hasLostItsFile(Owner owner) {
    return (Boolean.TRUE.equals(owner.details().deleted()) && !owner.details().replaced())
        || Boolean.TRUE.equals(owner.details().elsewhere());
  }

  private static @Nullable String unit(HostText unit) {
    return unit.toString().length() > 256 ? null : expressible(UNIT, unit);
  }

  private static @Nullable String expressible(Pattern form, @Nullable HostText fact) {
    return fact != null && form.matcher(fact.toString()).matches() ? fact.toString() : null;
  }
}
