package io.portcurfew.store.audit;

import org.jspecify.annotations.Nullable;

/**
 * What a check of the log came to.
 *
 * @param first the number of the first entry that is kept
 * @param head the last entry that is right
 * @param broken the first one that is not, in words; {@code null} where the log is whole
 */
public record VerificationResult(long first, LogHead head, @Nullable String broken) {

  /** How many entries are right. */
  public long entries() {
    return Math.max(0, head.entry() - first + 1);
  }
}
