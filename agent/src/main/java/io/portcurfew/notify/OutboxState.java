package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one receiver, and what it was not told since the agent started.
 *
 * @param pending how many notifications it has not taken yet
 * @param oldest how long the first of them has waited; {@code null} where none waits
 * @param folded how many it was told in a summary instead
 * @param dead how many it refused or did not take for too long
 */
public record OutboxState(int pending, @Nullable Duration oldest, long folded, long dead) {}
