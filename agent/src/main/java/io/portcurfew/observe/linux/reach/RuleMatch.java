package io.portcurfew.observe.linux.reach;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The packets that a rule of a ruleset takes; {@code null} is any. A match that is not understood
 * (source, state, marks) is left out: then the rule takes the traffic of some peer.
 *
 * @param addresses destinations
 * @param device the interface that it arrives at, escaped
 */
record RuleMatch(
    @Nullable Set<Protocol> protocols,
    @Nullable List<Address> addresses,
    @Nullable List<PortRange> ports,
    @Nullable String device) {

  static final RuleMatch ANYTHING = new RuleMatch(null, null, null, null);

  RuleMatch ofProtocols(Set<Protocol> some) {
    EnumSet<Protocol> both = EnumSet.noneOf(Protocol.class);
    both.addAll(some);
    if (protocols != null) {
      both.retainAll(protocols);
    }
    return new RuleMatch(both, addresses, ports, device);
  }

  RuleMatch to(List<Address> some) {
    return new RuleMatch(protocols, some, ports, device);
  }

  RuleMatch onPorts(@Nullable List<PortRange> some) {
    return new RuleMatch(protocols, addresses, some, device);
  }

  /** A user chooses the names in a network namespace of his own. */
  RuleMatch from(String interfaceName) {
    String device = HostText.of(interfaceName, 64).toString();
    return new RuleMatch(protocols, addresses, ports, device);
  }

  /** This match for a rule in a chain that was entered under another one. */
  RuleMatch within(RuleMatch entry) {
    RuleMatch both = entry.protocols == null ? this : ofProtocols(entry.protocols);
    return new RuleMatch(
        both.protocols,
        addresses != null ? addresses : entry.addresses,
        ports != null ? ports : entry.ports,
        device != null ? device : entry.device);
  }
}
