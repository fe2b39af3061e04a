package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The counts of an outbox after its last change.
 *
 * @param pending the number of notifications not delivered yet
 * @param since the monotonic time since which the first of them waits; {@code null} if none waits
 * @param folded the number of notifications that a summary replaced
 * @param dead the number of notifications refused or given up
 */
record OutboxCounts(int pending, @Nullable Duration since, long folded, long dead) {

  /** The state at a time. */
  OutboxState at(Duration now) {
    return new OutboxState(pending, since == null ? null : now.minus(since), folded, dead);
  }
}
