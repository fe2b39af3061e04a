package io.portcurfew.config;

import io.portcurfew.bundle.BundleManifest;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.signature.AllowedSigners.Signer;
import org.jspecify.annotations.Nullable;

/**
 * The bundle that a policy comes from.
 *
 * @param manifest {@code null} if no bundle is active
 * @param signer the signer of that bundle
 * @param digest the SHA-256 of its archive
 * @param problem why the configured bundle is not active; {@code null} if it is
 * @param isAwaited true if no bundle was accepted on this host yet
 */
public record ActiveBundle(
    @Nullable BundleManifest manifest,
    @Nullable Signer signer,
    @Nullable String digest,
    @Nullable String problem,
    boolean isAwaited) {

  /** The problem of a host on which no bundle was accepted yet. */
  public static final String AWAITED = "no policy bundle was accepted yet";

  /** A bundle that was verified. */
  static ActiveBundle of(SignedBundle signed) {
    return new ActiveBundle(signed.manifest(), signed.signer(), signed.digest(), null, false);
  }

  /** No bundle, for this reason. */
  static ActiveBundle none(String problem) {
    return new ActiveBundle(null, null, null, problem, false);
  }

  /** No bundle, because none was accepted on this host yet. */
  public static ActiveBundle awaited() {
    return new ActiveBundle(null, null, null, AWAITED, true);
  }

  /** This bundle stays active, because that one has a problem. */
  ActiveBundle insteadOf(ActiveBundle other) {
    boolean awaits = manifest == null && other.isAwaited;
    return new ActiveBundle(manifest, signer, digest, other.problem, awaits);
  }

  /** The active policy, for a message. */
  public String describe() {
    return manifest == null ? "the policy before it" : "revision " + manifest.revision();
  }
}
