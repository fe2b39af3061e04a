package io.portcurfew.observe.linux.events;

import io.portcurfew.observe.event.Sighting;
import io.portcurfew.observe.linux.kernel.KernelSocket;
import org.jspecify.annotations.Nullable;

/**
 * The result of a look at an opening.
 *
 * @param socket the socket of the host that may be that of the opening; {@code null} if it has
 *     closed or is in another network namespace
 */
record SeenOpening(Sighting sighting, @Nullable KernelSocket socket) {

  /** Returns true if the listener has closed. */
  boolean hasClosed() {
    return sighting.brief() != null;
  }
}
