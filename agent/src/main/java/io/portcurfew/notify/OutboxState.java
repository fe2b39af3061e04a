package io.portcurfew.notify;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be delivered to one receiver.
 *
 * @param pending how many notifications wait
 * @param oldestSince since when the oldest of them waits; {@code null} where none does
 * @param dropped how many were given up because the bound was reached, since the agent started
 */
public record OutboxState(int pending, @Nullable Instant oldestSince, long dropped) {}
