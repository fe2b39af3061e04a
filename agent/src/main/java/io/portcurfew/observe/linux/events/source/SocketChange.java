package io.portcurfew.observe.linux.events.source;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Protocol;
import java.time.Duration;

/**
 * A socket that began or ended to listen, as the kernel reported it.
 *
 * @param opened true if it began to listen, false if it ended
 * @param socket the number by which the kernel knows the socket while it exists, which is the same
 *     for its opening and its end; 0 if unknown
 * @param pid the process, in the pid namespace of the agent; 0 if unknown
 * @param cookie the cookie of its network namespace; 0 if unknown
 * @param at the time on the monotonic clock of {@link io.portcurfew.process.Ticker}
 */
public record SocketChange(
    boolean opened,
    long socket,
    Protocol protocol,
    Address address,
    int port,
    int pid,
    long uid,
    long cookie,
    Duration at) {

  /** The user of an event that does not name one. */
  public static final long NO_USER = -1;

  /**
   * True if the source that reported its opening reports its end too. That of a UDP socket comes
   * from another source, if at all.
   */
  public boolean endFollows() {
    return protocol == Protocol.TCP && socket != 0;
  }

  /** A change for which the kernel names the process, and neither the user nor the namespace. */
  public SocketChange(
      boolean opened,
      long socket,
      Protocol protocol,
      Address address,
      int port,
      int pid,
      Duration at) {
    this(opened, socket, protocol, address, port, pid, NO_USER, 0, at);
  }

  /**
   * Returns true for an opening of a process outside of the pid namespace of the agent: the kernel
   * gives 0 for its pid (perf_event_pid in kernel/events/core.c), and no namespace of its socket.
   * It may belong to another container, so the scans decide if it is here.
   */
  public boolean isOfUnknownOrigin() {
    return opened && pid == 0 && cookie == 0;
  }
}
