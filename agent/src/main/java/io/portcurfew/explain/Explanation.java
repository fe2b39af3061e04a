package io.portcurfew.explain;

import io.portcurfew.judge.Judge;
import io.portcurfew.judge.Judgement;
import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * The explanation of one port: its registration, the decision of the policy, and its current
 * listeners.
 *
 * @param registrations its entries in the catalogue
 * @param names its names in /etc/services of this host
 * @param servicesRemarks problems with reading /etc/services
 * @param notes longer texts about this port
 * @param numberFacts facts that follow from its number
 * @param decisions one per protocol
 * @param traces the decisions of all rules: on the endpoint of the query, else on each listener of
 *     the port, or on the wildcard address if there is none; at most {@value #MOST_TRACES}
 * @param now its current listeners
 * @param commands commands to check the port by hand
 */
public record Explanation(
    PortQuery query,
    List<Catalogue.PortEntry> registrations,
    List<ServiceNames.ServiceName> names,
    List<String> servicesRemarks,
    List<PortNote> notes,
    List<String> numberFacts,
    List<PortDecision> decisions,
    List<RuleTrace> traces,
    Now now,
    List<ManualCommand> commands) {

  /** The most traces: any user may open a thousand sockets on one port. */
  static final int MOST_TRACES = 20;

  public Explanation {
    registrations = List.copyOf(registrations);
    names = List.copyOf(names);
    servicesRemarks = List.copyOf(servicesRemarks);
    notes = List.copyOf(notes);
    numberFacts = List.copyOf(numberFacts);
    decisions = List.copyOf(decisions);
    traces = List.copyOf(traces);
    commands = List.copyOf(commands);
  }

  /**
   * The part of a snapshot about the port.
   *
   * @param complete true if every listener of the port was seen
   * @param listeners in order of endpoint
   * @param gaps the gaps that may hide a listener of the port or its owner
   * @param ephemeral the client ports of the host
   */
  public record Now(
      HostText host,
      Instant takenAt,
      boolean complete,
      List<PortListener> listeners,
      List<Gap> gaps,
      PortRange ephemeral) {

    public Now {
      listeners = List.copyOf(listeners);
      gaps = List.copyOf(gaps);
    }
  }

  /**
   * A listener of the port.
   *
   * @param looksLikeClient true if it is an ephemeral UDP socket, {@link Snapshot#isOfClient}
   */
  public record PortListener(Listener listener, boolean looksLikeClient) {}

  /** Explains a port or an endpoint. */
  public static Explanation of(
      PortQuery query,
      Policy policy,
      Snapshot snapshot,
      Catalogue catalogue,
      ServiceNames services,
      Platform platform) {
    int port = query.port();
    SortedSet<Protocol> protocols = query.protocols();
    Now now = now(port, protocols, snapshot);
    return new Explanation(
        query,
        catalogue.about(port).stream().filter(e -> protocols.contains(e.protocol())).toList(),
        services.about(port).stream().filter(e -> protocols.contains(e.protocol())).toList(),
        services.remarks(),
        PortNote.about(port),
        PortNumberFacts.about(port, snapshot.ephemeral()),
        protocols.stream().map(protocol -> decision(query, protocol, policy, snapshot)).toList(),
        traces(query, now, policy, snapshot),
        now,
        ManualCommands.commands(port, protocols, platform));
  }

  private static PortDecision decision(
      PortQuery query, Protocol protocol, Policy policy, Snapshot snapshot) {
    Endpoint endpoint = query.endpoint();
    return PortDecision.of(
        endpoint == null ? anywhere(protocol, query.port()) : endpoint, policy, snapshot);
  }

  /** The deciding rule does not depend on the address, so any address will do. */
  private static Endpoint anywhere(Protocol protocol, int port) {
    return new Endpoint(protocol, Address.ANY_IPV4, port);
  }

  private static List<RuleTrace> traces(
      PortQuery query, Now now, Policy policy, Snapshot snapshot) {
    Judgement judgement = Judge.judge(policy, snapshot, List.of());
    Endpoint endpoint = query.endpoint();
    Stream<Endpoint> endpoints =
        endpoint != null
            ? Stream.of(endpoint)
            : query.protocols().stream().flatMap(p -> endpoints(p, query.port(), now));
    return endpoints
        .limit(MOST_TRACES)
        .map(each -> RuleTrace.of(each, policy, snapshot, judgement))
        .toList();
  }

  private static Stream<Endpoint> endpoints(Protocol protocol, int port, Now now) {
    List<Endpoint> seen =
        now.listeners().stream()
            .map(one -> one.listener().endpoint())
            .filter(at -> at.protocol() == protocol)
            .toList();
    return seen.isEmpty() ? Stream.of(anywhere(protocol, port)) : seen.stream();
  }

  private static Now now(int port, Set<Protocol> query, Snapshot snapshot) {
    List<PortListener> seen =
        snapshot.listeners().stream()
            .filter(listener -> listener.endpoint().port() == port)
            .filter(listener -> query.contains(listener.endpoint().protocol()))
            .map(listener -> new PortListener(listener, snapshot.isOfClient(listener)))
            .toList();
    boolean ownerUnknown =
        seen.stream()
            .anyMatch(one -> one.listener().owners().isEmpty() || one.listener().hasAnotherOwner());
    List<Gap> gaps =
        snapshot.gaps().stream()
            .filter(gap -> gap.what() == Gap.What.OWNERS ? ownerUnknown : !snapshot.complete())
            .toList();
    return new Now(
        snapshot.host(), snapshot.takenAt(), snapshot.complete(), seen, gaps, snapshot.ephemeral());
  }
}
