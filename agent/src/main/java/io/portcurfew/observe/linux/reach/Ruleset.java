package io.portcurfew.observe.linux.reach;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one firewall that may take the traffic of a port elsewhere.
 *
 * @param by its name: {@code nft} or {@code iptables}
 * @param chains the rules by chain; the names are unique within a ruleset
 * @param entries the chains that packets from outside enter before they are routed
 */
record Ruleset(String by, Map<String, List<RuleStep>> chains, List<String> entries) {

  /**
   * One rule.
   *
   * @param jump the chain that it enters; {@code null} for none
   * @param target where it takes the traffic; {@code null} for nowhere
   */
  record RuleStep(
      RuleMatch match, TableFamily family, @Nullable String jump, @Nullable RuleTarget target) {}

  /** The address families of a rule. */
  enum TableFamily {
    IPV4,
    IPV6,
    BOTH;

    boolean hasIpv4() {
      return this != IPV6;
    }

    boolean hasIpv6() {
      return this != IPV4;
    }
  }

  /**
   * A target.
   *
   * @param local true if a socket of this namespace receives the traffic, whatever its address
   * @param address the new address; {@code null} if it stays, or is chosen from a map
   * @param port the new port; {@code null} if it stays, or is chosen
   */
  record RuleTarget(boolean local, @Nullable String address, @Nullable Integer port) {}
}
