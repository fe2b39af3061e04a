package io.portcurfew.bundle;

import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.bundle.signature.SignatureRefusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A bundle whose signature was verified.
 *
 * @param digest the SHA-256 of the archive in hexadecimal digits
 */
public record SignedBundle(PolicyBundle bundle, AllowedSigners.Signer signer, String digest) {

  /** The namespace of the signature: {@code ssh-keygen -Y sign -n policy@portcurfew}. */
  public static final String NAMESPACE = "policy@portcurfew";

  /** The end of the name of a signature file. */
  public static final String SUFFIX = ".sig";

  /**
   * Verifies the signature, and only then opens the archive.
   *
   * @param signature the content of the signature file; {@code null} if it does not exist
   * @param at the time at which the key must be valid
   */
  public static SignedBundle verify(
      byte[] archive, byte @Nullable [] signature, AllowedSigners signers, Instant at)
      throws BundleRefusal {
    if (signature == null) {
      throw new BundleRefusal("the bundle has no signature: its file " + SUFFIX + " is missing");
    }
    try {
      AllowedSigners.Signer signer = signers.verify(archive, signature, NAMESPACE, at);
      return new SignedBundle(PolicyBundle.open(archive), signer, PolicyBundle.sha256(archive));
    } catch (SignatureRefusal e) {
      throw new BundleRefusal(e.reason(), e);
    }
  }

  /** Its manifest. */
  public BundleManifest manifest() {
    return bundle.manifest();
  }
}
