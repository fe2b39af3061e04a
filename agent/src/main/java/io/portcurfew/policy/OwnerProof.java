package io.portcurfew.policy;

import io.portcurfew.observe.Container;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.OwnerDetails;
import io.portcurfew.observe.SocketActivation;
import org.jspecify.annotations.Nullable;

/**
 * Tests the keys of an {@link OwnerTerm} against an owner: only what a local user cannot choose is
 * a proof, and what is not known is {@link Trilean#UNKNOWN}. A key that is left out holds.
 */
final class OwnerProof {

  private static final String ROOT = "root";

  private OwnerProof() {}

  /** The kernel is no process, and no process is the kernel. */
  static Trilean kernel(@Nullable String kernel, Owner owner) {
    return Trilean.of(kernel != null && kernel.equals(owner.kernel()));
  }

  static @Nullable HostText kernelText(Owner owner) {
    return owner.kernel() == null ? null : HostText.visible(owner.kernel());
  }

  /**
   * A path counts only if it is known to be that file: in a mount namespace of its own a process
   * can show any path, and so can a process whose file was removed. Of a file that a package
   * upgrade replaced the path is known.
   */
  static Trilean executable(@Nullable PathPattern executable, Owner owner) {
    HostText found = owner.executable();
    if (executable == null) {
      return Trilean.YES;
    }
    if (found == null) {
      return Trilean.UNKNOWN;
    }
    boolean fits = executable.fits(found.toString());
    return fits && !isThatFile(owner.details()) ? Trilean.UNKNOWN : Trilean.of(fits);
  }

  private static boolean isThatFile(OwnerDetails details) {
    return Boolean.FALSE.equals(details.elsewhere())
        && (details.replaced() || !Boolean.TRUE.equals(details.deleted()));
  }

  /** A script that others than its user can change proves nothing. */
  static Trilean script(@Nullable PathPattern script, Owner owner) {
    OwnerDetails.Script found = owner.details().script();
    if (script == null) {
      return Trilean.YES;
    }
    if (found == null) {
      return Trilean.UNKNOWN;
    }
    boolean fits = script.fits(found.path().toString());
    return fits && !found.isProven() ? Trilean.UNKNOWN : Trilean.of(fits);
  }

  static @Nullable HostText scriptText(Owner owner) {
    OwnerDetails.Script found = owner.details().script();
    return found == null ? null : found.path();
  }

  /** A socket that systemd holds for a unit is one of that socket unit and of its service. */
  static Trilean unit(@Nullable String unit, Owner owner) {
    SocketActivation activation = owner.details().activation();
    return unit != null && activation != null && activation.isFor(unit)
        ? Trilean.YES
        : same(unit, owner.details().unit());
  }

  static @Nullable HostText unitText(Owner owner) {
    SocketActivation activation = owner.details().activation();
    return activation == null ? owner.details().unit() : HostText.visible(activation.toString());
  }

  /**
   * Of a process in which another user had a part it is known that its user is not proven. A number
   * that has no name in /etc/passwd may be that of any user but root, who has 0.
   */
  static Trilean user(@Nullable String user, Owner owner) {
    Trilean named = same(user, owner.user());
    Long uid = owner.uid();
    boolean isNotRoot = ROOT.equals(user) && uid != null && uid != 0;
    boolean doubtful = user != null && named == Trilean.YES && !owner.isOfOneUser();
    return isNotRoot || doubtful ? Trilean.NO : named;
  }

  /** A process whose unit is known, and no container, is known to be in none. */
  static Trilean container(@Nullable ContainerTerm container, Owner owner) {
    Container found = owner.details().container();
    if (container == null) {
      return Trilean.YES;
    }
    if (found == null) {
      return owner.details().unit() == null ? Trilean.UNKNOWN : Trilean.NO;
    }
    return container.accepts(found);
  }

  static @Nullable HostText containerText(Owner owner) {
    Container found = owner.details().container();
    return found == null ? null : HostText.visible(found.toString());
  }

  /** Of a text that the owner has as it is. */
  static Trilean same(@Nullable String wanted, @Nullable HostText found) {
    if (wanted == null) {
      return Trilean.YES;
    }
    return found == null ? Trilean.UNKNOWN : Trilean.of(found.toString().equals(wanted));
  }
}
