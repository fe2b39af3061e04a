package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names endpoints by port, protocol and namespace, and says what is expected of them.
 *
 * @param name unique within the policy
 * @param ports not empty
 * @param protocols not empty
 * @param because why the rule is there, in the words of its author
 * @param addresses where something may listen; empty asks nothing
 * @param by who may listen; empty asks nothing
 * @param namespace the network namespace that the rule is about; {@code null} is any
 */
public record Rule(
    String name,
    List<PortRange> ports,
    Set<Protocol> protocols,
    Expect expect,
    Severity severity,
    @Nullable String because,
    List<AddressTerm> addresses,
    List<OwnerTerm> by,
    @Nullable String namespace) {

  /** How long a required endpoint may be missing before an alert fires: a restart is no alarm. */
  private static final Duration RESTART = Duration.ofSeconds(30);

  public Rule {
    ports = List.copyOf(ports);
    protocols = Collections.unmodifiableSet(new TreeSet<>(protocols));
    addresses = List.copyOf(addresses);
    by = List.copyOf(by);
  }

  /** A rule about endpoints in any network namespace. */
  public Rule(
      String name,
      List<PortRange> ports,
      Set<Protocol> protocols,
      Expect expect,
      Severity severity,
      @Nullable String because,
      List<AddressTerm> addresses,
      List<OwnerTerm> by) {
    this(name, ports, protocols, expect, severity, because, addresses, by, null);
  }

  /** Whether the rule is about this endpoint; its terms have no say in that. */
  public boolean isAbout(Endpoint endpoint) {
    return protocols.contains(endpoint.protocol())
        && (namespace == null || namespace.equals(endpoint.namespace()))
        && ports.stream().anyMatch(range -> range.contains(endpoint.port()));
  }

  /** How long a finding of this rule is pending before it fires. */
  public Duration holdFor() {
    return expect == Expect.REQUIRED ? RESTART : Duration.ZERO;
  }
}
