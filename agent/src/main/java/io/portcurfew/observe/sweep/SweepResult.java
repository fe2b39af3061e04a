package io.portcurfew.observe.sweep;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.SourceReport;
import java.time.Duration;
import java.util.List;

/**
 * The result of a sweep over the ports.
 *
 * @param tried the number of tried ports, counted for each protocol and family; 0 if it could not
 *     start
 * @param unexplained the occupied ports where no source shows a socket, each with the wildcard
 *     address of the tried family; the hidden socket may be bound to a single address
 * @param gaps the ports that could not be tried, with reasons; their source is {@link #SOURCE}
 * @param took from the start of the sweep to its end
 */
public record SweepResult(int tried, List<Endpoint> unexplained, List<Gap> gaps, Duration took) {

  /** The name of the sweep in gaps and metrics. */
  public static final String SOURCE = "bind_sweep";

  /** The result if the sweep is off. */
  public static final SweepResult NOTHING = new SweepResult(0, List.of(), List.of(), Duration.ZERO);

  public SweepResult {
    unexplained = unexplained.stream().sorted().toList();
    gaps = List.copyOf(gaps);
  }

  /** Creates the result of a sweep that could not start. */
  public static SweepResult blind(String why, Duration took) {
    return new SweepResult(0, List.of(), List.of(gap("no port could be tried: " + why)), took);
  }

  /** Creates a gap for ports that the sweep did not try or could not explain. */
  public static Gap gap(String why) {
    return new Gap(SOURCE, Gap.What.SWEEP, why);
  }

  /**
   * Returns true if a listener occupies the wildcard address of a family at its port, so that no
   * other socket can bind to it. An IPv6 socket occupies the port on IPv4 too unless it is known to
   * refuse IPv4, whatever its address (inet_rcv_saddr_equal in net/ipv4/inet_connection_sock.c).
   */
  public static boolean takes(Listener listener, Endpoint wildcard) {
    Endpoint endpoint = listener.endpoint();
    boolean ipv6 = endpoint.address().isIpv6();
    boolean family =
        wildcard.address().isIpv6() ? ipv6 : !ipv6 || !Boolean.FALSE.equals(listener.dualStack());
    return family
        && endpoint.port() == wildcard.port()
        && endpoint.protocol() == wildcard.protocol()
        && endpoint.namespace().equals(wildcard.namespace());
  }

  /** Returns its numbers for the metrics; the endpoints that it saw are the unexplained ones. */
  public SourceReport report() {
    return new SourceReport(SOURCE, tried > 0, false, unexplained.size(), gaps.size(), took);
  }
}
