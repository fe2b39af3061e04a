package io.portcurfew.bundle.signature;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a list of signers.
 *
 * @param principals the names of the signer
 * @param authority true if the key signs certificates instead of files
 * @param namespaces the purposes for which the key may sign; {@code null} for any
 * @param validAfter {@code null} for no limit
 * @param validBefore {@code null} for no limit
 */
record AllowedSigner(
    String principals,
    boolean authority,
    @Nullable PatternList namespaces,
    @Nullable Instant validAfter,
    @Nullable Instant validBefore,
    SshKey key) {

  /** Refuses a purpose or a time for which the key may not sign. */
  void check(String namespace, Instant at) throws SignatureRefusal {
    if (namespaces != null && !namespaces.matches(namespace)) {
      throw new SignatureRefusal(
          describe() + " may not sign for the namespace " + SshSignature.shown(namespace));
    }
    if (validAfter != null && at.isBefore(validAfter)) {
      throw new SignatureRefusal(describe() + " is not valid before " + validAfter);
    }
    if (validBefore != null && !at.isBefore(validBefore)) {
      throw new SignatureRefusal(describe() + " was valid until " + validBefore);
    }
  }

  /** The key and its line, for a refusal. */
  String describe() {
    return "the key " + key.fingerprint() + " of " + SshSignature.shown(principals);
  }
}
