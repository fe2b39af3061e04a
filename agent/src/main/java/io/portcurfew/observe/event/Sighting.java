package io.portcurfew.observe.event;

import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Listener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A listener that an event announced, as a look at its endpoint showed it.
 *
 * @param brief how it was open if it has closed; {@code null} while it is open
 * @param at when the kernel opened it, on the monotonic clock
 */
public record Sighting(Listener listener, @Nullable BriefOpening brief, Duration at) {}
