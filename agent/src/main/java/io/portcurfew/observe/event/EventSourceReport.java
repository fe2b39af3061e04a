package io.portcurfew.observe.event;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The state of an event source.
 *
 * @param name {@code perf}, {@code bpf}, {@code tracefs} or {@code destroy}
 * @param up true if it is used
 * @param why why it is not used, or what it does not report; empty if there is nothing to say
 * @param opened the listeners that it reported as they opened
 * @param closed the listeners or sockets that it reported as they closed
 * @param lost the events that are known to be lost
 * @param last when the latest event of a listener or socket happened, on the monotonic clock;
 *     {@code null} if there was none
 */
public record EventSourceReport(
    String name,
    boolean up,
    String why,
    long opened,
    long closed,
    long lost,
    @Nullable Duration last) {

  /** A source without an event so far. */
  public EventSourceReport(
      String name, boolean up, String why, long opened, long closed, long lost) {
    this(name, up, why, opened, closed, lost, null);
  }
}
