package io.portcurfew.observe;

import java.time.Instant;
import java.util.List;

/**
 * All listeners at one moment, and what could not be seen.
 *
 * @param host the name of the host
 * @param complete whether at least one source would have seen every listener; without it nothing is
 *     closed, resolved or compliant
 * @param listeners in order of endpoint
 * @param disagreements where complete sources differ in this one look
 * @param ephemeral the ports that the host gives to clients
 */
public record Snapshot(
    HostText host,
    Instant takenAt,
    boolean complete,
    List<Listener> listeners,
    List<Gap> gaps,
    List<SourceReport> sources,
    List<Disagreement> disagreements,
    PortRange ephemeral) {

  public Snapshot {
    listeners = listeners.stream().sorted().toList();
    gaps = gaps.stream().sorted().distinct().toList();
    sources = List.copyOf(sources);
    disagreements = List.copyOf(disagreements);
  }

  /**
   * Whether a listener looks like the socket of a UDP client: unconnected, on every address, on a
   * port that the kernel gives to clients. The kernel tells no more than that.
   */
  public boolean isEphemeral(Listener listener) {
    Endpoint endpoint = listener.endpoint();
    return endpoint.protocol() == Protocol.UDP
        && endpoint.address().isWildcard()
        && ephemeral.contains(endpoint.port());
  }
}
