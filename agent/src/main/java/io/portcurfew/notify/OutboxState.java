package io.portcurfew.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The pending notifications of one receiver, and its losses since the agent started.
 *
 * @param pending the number of notifications not delivered yet
 * @param oldest how long the first of them has waited; {@code null} if none waits
 * @param folded the number of notifications that a summary replaced
 * @param dead the number of notifications refused or given up
 */
public record OutboxState(int pending, @Nullable Duration oldest, long folded, long dead) {}
