package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one receiver.
 *
 * @param pending how many notifications it has not taken yet
 * @param oldest how long the first of them has waited; {@code null} where none waits
 * @param dropped how many were never queued since the outbox was full
 */
public record OutboxState(int pending, @Nullable Duration oldest, long dropped) {}
