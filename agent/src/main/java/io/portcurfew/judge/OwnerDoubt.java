package io.portcurfew.judge;

import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.UnknownOwner;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.RuleTerms;
import io.portcurfew.policy.Severity;
import io.portcurfew.policy.Trilean;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why the owner of a listener cannot be judged.
 *
 * @param cause {@code null} if the reason is not known
 */
record OwnerDoubt(Listener listener, @Nullable UnknownOwner cause) {

  /** The next looks may find an owner that is not known yet; then the finding is over. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The settings of a finding that the next looks may end. */
  static final NotifySettings PATIENT =
      new NotifySettings(Severity.WARNING, null, PATIENCE, new TreeMap<>(), null);

  /** The doubt about a listener; the first of several owners that cannot be judged counts. */
  static OwnerDoubt about(Listener listener, List<OwnerTerm> terms) {
    UnknownOwner cause =
        listener.owners().stream()
            .filter(
                owner -> new RuleTerms(List.of(), terms).accept(List.of(owner)) == Trilean.UNKNOWN)
            .findFirst()
            .map(OwnerDoubt::cause)
            .orElse(listener.unknownOwner());
    return new OwnerDoubt(listener, cause);
  }

  /** Returns why an owner cannot be judged; {@code null} if the reason is not known. */
  static @Nullable UnknownOwner cause(Owner owner) {
    if (owner.details().inFlight()) {
      return UnknownOwner.IN_FLIGHT;
    }
    if (Boolean.TRUE.equals(owner.details().elsewhere())) {
      return UnknownOwner.OTHER_MOUNT_NAMESPACE;
    }
    if (Boolean.TRUE.equals(owner.details().deleted()) && !owner.details().replaced()) {
      return UnknownOwner.GONE;
    }
    if (owner.details().pathsLeftOut()) {
      return UnknownOwner.NOT_YET;
    }
    boolean hidden = owner.executable() == null && owner.user() != null;
    return hidden ? UnknownOwner.NO_RIGHT : null;
  }

  /** The reason in words. */
  String words() {
    if (cause != null) {
      return cause.words();
    }
    return listener.owners().stream()
        .filter(OwnerDoubt::hasNoName)
        .findFirst()
        .map(owner -> "user id " + owner.uid() + " has no name in /etc/passwd")
        .orElse("its owner could not be determined");
  }

  /** True if the user of a process is known, and has no name on this host. */
  private static boolean hasNoName(Owner owner) {
    return owner.user() == null && owner.uid() != null;
  }

  /** The settings of a rule, which wait for the next looks if these may find an owner. */
  NotifySettings patient(NotifySettings ofRule) {
    return isBetweenOwners() ? ofRule.holdingAtLeast(PATIENCE) : ofRule;
  }

  /**
   * True if a process may have ended, or begun, between the looks at the socket and at its owner,
   * as in a restart. A socket of root without a process then looks like one of the kernel, and a
   * child that ends beside the server has a user and no file, as if there were no right to see it.
   */
  private boolean isBetweenOwners() {
    boolean noRight = cause == UnknownOwner.NO_RIGHT;
    List<Owner> owners = listener.owners();
    boolean isUnseen = owners.isEmpty() || (cause != null && cause == listener.unknownOwner());
    return isUnseen
        ? cause != null && !noRight
        : (cause == null && owners.stream().noneMatch(OwnerDoubt::hasNoName))
            || (noRight && owners.stream().anyMatch(owner -> owner.executable() != null));
  }

  /**
   * True if it may soon be over: a UDP client often closes its socket before its owner is found.
   */
  boolean mayBeOver() {
    boolean unseen = cause != null && cause != UnknownOwner.KERNEL && listener.owners().isEmpty();
    return cause == UnknownOwner.NOT_YET
        || (unseen && listener.endpoint().protocol() == Protocol.UDP);
  }
}
