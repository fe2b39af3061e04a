package io.portcurfew.observe.event;

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
}
