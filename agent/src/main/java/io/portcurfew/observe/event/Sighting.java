package io.portcurfew.observe.event;

import io.portcurfew.observe.BriefOpening;
import io.portcurfew.observe.Listener;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A listener that an event announced, as a look at its endpoint showed it.
 *
 * @param brief how it was open if it has closed; {@code null} while it is open
 * @param at when the kernel opened it, on the monotonic clock
 * @param sockets the kernel's numbers of its sockets whose ends will be reported
 * @param orElse the network namespace of its process, if it has closed and may have been there
 *     instead; {@code null} if its namespace is known
 */
public record Sighting(
    Listener listener,
    @Nullable BriefOpening brief,
    Duration at,
    Set<Long> sockets,
    @Nullable String orElse) {

  public Sighting {
    sockets = Set.copyOf(sockets);
  }

  /** One in a known namespace. */
  public Sighting(Listener listener, @Nullable BriefOpening brief, Duration at, Set<Long> sockets) {
    this(listener, brief, at, sockets, null);
  }

  /** One whose end is not reported. */
  public Sighting(Listener listener, @Nullable BriefOpening brief, Duration at) {
    this(listener, brief, at, Set.of());
  }
}
