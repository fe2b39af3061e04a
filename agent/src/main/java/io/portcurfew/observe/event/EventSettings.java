package io.portcurfew.observe.event;

import org.jspecify.annotations.Nullable;

/**
 * The events that the agent asks the kernel for.
 *
 * @param tcp true for TCP listeners
 * @param udp true for UDP sockets
 */
public record EventSettings(boolean tcp, boolean udp) {

  /** Everything that the rights allow. */
  public static final EventSettings AUTO = new EventSettings(true, true);

  /** Scans only. */
  public static final EventSettings OFF = new EventSettings(false, false);

  // By hand, since the start compares settings: see FileStatus.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EventSettings settings && tcp == settings.tcp && udp == settings.udp;
  }

  @Override
  public int hashCode() {
    return (tcp ? 1 : 0) + (udp ? 2 : 0);
  }
}
