package io.portcurfew.judge;

import io.portcurfew.observe.Gap;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that there is to say of one port: what it is registered for, what the policy expects, and
 * what listens there now.
 *
 * @param port 1 to 65535
 * @param protocols those that were asked about; not empty
 * @param registrations its entries in the catalogue
 * @param names what /etc/services of this host calls it
 * @param servicesRemarks what could not be read of /etc/services
 * @param notes longer texts about this very port
 * @param numberFacts what its number alone tells
 * @param decisions one a protocol
 * @param now what was seen of it
 * @param commands how to look by hand
 */
public record Explanation(
    int port,
    SortedSet<Protocol> protocols,
    List<Catalogue.Entry> registrations,
    List<Services.Entry> names,
    List<String> servicesRemarks,
    List<Note> notes,
    List<String> numberFacts,
    List<Decision> decisions,
    Now now,
    List<HandCommand> commands) {

  public Explanation {
    protocols = Collections.unmodifiableSortedSet(new TreeSet<>(protocols));
    registrations = List.copyOf(registrations);
    names = List.copyOf(names);
    servicesRemarks = List.copyOf(servicesRemarks);
    notes = List.copyOf(notes);
    numberFacts = List.copyOf(numberFacts);
    decisions = List.copyOf(decisions);
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

  /**
   * Puts together what is known of a port.
   *
   * @param protocols those that are asked about; not empty
   */
  public static Explanation of(
      int port,
      Set<Protocol> protocols,
      Policy policy,
      Snapshot snapshot,
      Catalogue catalogue,
      Services services,
      Platform platform) {
    SortedSet<Protocol> asked = new TreeSet<>(protocols);
    return new Explanation(
        port,
        asked,
        catalogue.about(port).stream().filter(e -> asked.contains(e.protocol())).toList(),
        services.about(port).stream().filter(e -> asked.contains(e.protocol())).toList(),
        services.remarks(),
        Note.about(port),
        NumberFacts.about(port, snapshot.ephemeral()),
        asked.stream().map(protocol -> Decision.of(port, protocol, policy, snapshot)).toList(),
        now(port, asked, snapshot),
        ByHand.commands(port, asked, platform));
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
