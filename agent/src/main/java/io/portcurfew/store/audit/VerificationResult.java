package io.portcurfew.store.audit;

import org.jspecify.annotations.Nullable;

/**
 * The result of a check of the log.
 *
 * @param first the number of the first kept entry
 * @param head the last intact entry
 * @param broken the first fault as a text; {@code null} if the log is intact
 */
public record VerificationResult(long first, LogHead head, @Nullable String broken) {

  /** The number of intact entries. */
  public long entries() {
    return Math.max(0, head.entry() - first + 1);
  }
}
