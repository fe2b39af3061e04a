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
 * All that there is to say of one port: what it is registered for, what the policy expects, and
 * what listens there now.
 *
 * @param registrations its entries in the catalogue
 * @param names what /etc/services of this host calls it
 * @param servicesRemarks what could not be read of /etc/services
 * @param notes longer texts about this very port
 * @param numberFacts what its number alone tells
 * @param decisions one a protocol
 * @param walks rule by rule: for the endpoint that was asked about, else for what listens on the
 *     port, or where nothing does for the wildcard; at most {@value #MOST_WALKS}
 * @param now what was seen of it
 * @param commands how to look by hand
 */
public record Explanation(
    PortQuery asked,
    List<Catalogue.Entry> registrations,
    List<ServiceNames.Entry> names,
    List<String> servicesRemarks,
    List<PortNote> notes,
    List<String> numberFacts,
    List<PortDecision> decisions,
    List<RuleTrace> walks,
    Now now,
    List<ManualCommand> commands) {

  /** A stranger may open a thousand sockets on one port. */
  static final int MOST_WALKS = 20;

  public Explanation {
    registrations = List.copyOf(registrations);
    names = List.copyOf(names);
    servicesRemarks = List.copyOf(servicesRemarks);
    notes = List.copyOf(notes);
    numberFacts = List.copyOf(numberFacts);
    decisions = List.copyOf(decisions);
    walks = List.copyOf(walks);
    commands = List.copyOf(commands);
  }

  /**
   * What a snapshot tells of the port.
   *
   * @param complete whether a listener there would have been seen
   * @param listeners in order of endpoint
   * @param gaps those that concern the port: what may hide a listener of it, or an owner of one
   * @param ephemeral the ports that the host gives to clients
   */
  public record Now(
      HostText host,
      Instant takenAt,
      boolean complete,
      List<Seen> listeners,
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
   * @param looksLikeClient whether it is an ephemeral UDP socket, {@link Snapshot#isEphemeral}
   */
  public record Seen(Listener listener, boolean looksLikeClient) {}

  /** Puts together what is known of a port or an endpoint. */
  public static Explanation of(
      PortQuery asked,
      Policy policy,
      Snapshot snapshot,
      Catalogue catalogue,
      ServiceNames services,
      Platform platform) {
    int port = asked.port();
    SortedSet<Protocol> protocols = asked.protocols();
    Now now = now(port, protocols, snapshot);
    return new Explanation(
        asked,
        catalogue.about(port).stream().filter(e -> protocols.contains(e.protocol())).toList(),
        services.about(port).stream().filter(e -> protocols.contains(e.protocol())).toList(),
        services.remarks(),
        PortNote.about(port),
        PortNumberFacts.about(port, snapshot.ephemeral()),
        protocols.stream().map(protocol -> decision(asked, protocol, policy, snapshot)).toList(),
        walks(asked, now, policy, snapshot),
        now,
        ManualCommands.commands(port, protocols, platform));
  }

  private static PortDecision decision(
      PortQuery asked, Protocol protocol, Policy policy, Snapshot snapshot) {
    Endpoint endpoint = asked.endpoint();
    return PortDecision.of(
        endpoint == null ? anywhere(protocol, asked.port()) : endpoint, policy, snapshot);
  }

  /** Terms have no say in which rule decides, so any address stands for all. */
  private static Endpoint anywhere(Protocol protocol, int port) {
    return new Endpoint(protocol, Address.ANY_IPV4, port);
  }

  private static List<RuleTrace> walks(PortQuery asked, Now now, Policy policy, Snapshot snapshot) {
    Judgement judgement = Judge.judge(policy, snapshot, List.of());
    Endpoint endpoint = asked.endpoint();
    Stream<Endpoint> endpoints =
        endpoint != null
            ? Stream.of(endpoint)
            : asked.protocols().stream().flatMap(p -> endpoints(p, asked.port(), now));
    return endpoints
        .limit(MOST_WALKS)
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

  private static Now now(int port, Set<Protocol> asked, Snapshot snapshot) {
    List<Seen> seen =
        snapshot.listeners().stream()
            .filter(listener -> listener.endpoint().port() == port)
            .filter(listener -> asked.contains(listener.endpoint().protocol()))
            .map(listener -> new Seen(listener, snapshot.isEphemeral(listener)))
            .toList();
    boolean ownerUnknown = seen.stream().anyMatch(s -> s.listener().owners().isEmpty());
    List<Gap> gaps =
        snapshot.gaps().stream()
            .filter(gap -> gap.what() == Gap.What.OWNERS ? ownerUnknown : !snapshot.complete())
            .toList();
    return new Now(
        snapshot.host(), snapshot.takenAt(), snapshot.complete(), seen, gaps, snapshot.ephemeral());
  }
}
