package io.portcurfew.observe;

import java.time.Duration;
import java.util.List;

/**
 * What a sweep over the ports found.
 *
 * @param tried how many ports were tried, those of each protocol and family counted alone; 0 where
 *     it could not begin
 * @param unexplained the ports that are taken although no source shows a socket there, each with
 *     the wildcard address of the family that was tried: what holds it may be bound to one address
 * @param gaps which ports could not be tried, and why; their source is {@link #SOURCE}
 * @param took from the start of the sweep to its end
 */
public record SweepResult(int tried, List<Endpoint> unexplained, List<Gap> gaps, Duration took) {

  /** The name of the sweep in gaps and metrics. */
  public static final String SOURCE = "bind_sweep";

  /** No sweep was wanted. */
  public static final SweepResult NOTHING = new SweepResult(0, List.of(), List.of(), Duration.ZERO);

  public SweepResult {
    unexplained = unexplained.stream().sorted().toList();
    gaps = List.copyOf(gaps);
  }

  /** A sweep that could not begin. */
  public static SweepResult blind(String why, Duration took) {
    return new SweepResult(0, List.of(), List.of(gap("no port could be tried: " + why)), took);
  }

  /** Ports that a sweep did not try, or of which it could not find out who has them. */
  public static Gap gap(String why) {
    return new Gap(SOURCE, Gap.What.SWEEP, why);
  }

  /**
   * Whether a listener takes the wildcard address of a family at its port, so that nobody else can
   * bind to it. An IPv6 socket of which it is not known that it refuses IPv4 takes the port on IPv4
   * too, whatever its address (inet_rcv_saddr_equal in net/ipv4/inet_connection_sock.c).
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

  /** What is told of it in metrics; the endpoints that it saw are the unexplained ones. */
  public SourceReport report() {
    return new SourceReport(SOURCE, tried > 0, false, unexplained.size(), gaps.size(), took);
  }
}
