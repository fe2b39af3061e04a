package io.portcurfew.explain;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.PortRange;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.ActiveRules;
import io.portcurfew.policy.AddressTerm;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The decision of the policy on one port and protocol.
 *
 * @param rule the deciding rule; {@code null} if no rule selects it and the default applies
 * @param expects the meaning of the decision, in sentences
 */
public record PortDecision(Protocol protocol, @Nullable Rule rule, String expects) {

  /**
   * The decision on an endpoint at the time of a snapshot: on its listener, or on one of an unknown
   * owner if none was seen.
   */
  public static PortDecision of(Endpoint endpoint, Policy policy, Snapshot snapshot) {
    Protocol protocol = endpoint.protocol();
    ActiveRules rules = policy.at(snapshot.takenAt());
    Optional<Listener> seen =
        snapshot.listeners().stream().filter(one -> one.endpoint().equals(endpoint)).findFirst();
    String expired =
        seen.map(one -> rules.ranOutBefore(one, snapshot))
            .orElseGet(() -> rules.ranOutBefore(endpoint))
            .map(PortDecision::expired)
            .orElse("");
    return seen.map(one -> rules.ruleAbout(one, snapshot))
        .orElseGet(() -> rules.ruleAbout(endpoint))
        .map(rule -> new PortDecision(protocol, rule, expects(rule) + until(rule) + expired))
        .orElseGet(
            () ->
                new PortDecision(
                    protocol, null, byDefault(endpoint, policy, snapshot.ephemeral()) + expired));
  }

  private static String expired(Rule rule) {
    return " The rule " + rule.name() + " decided before; it expired after " + rule.until() + ".";
  }

  private static String until(Rule rule) {
    return rule.until() == null ? "" : " The rule is active until " + rule.until() + ", in UTC.";
  }

  private static String byDefault(Endpoint endpoint, Policy policy, PortRange ephemeral) {
    if (policy.allowsUnlisted()) {
      return "The default allows it: a listener is allowed and printed as unlisted.";
    }
    boolean client = endpoint.protocol() == Protocol.UDP && ephemeral.contains(endpoint.port());
    return "The default denies it: a listener is a finding (unlisted)."
        + (client ? " A socket that looks like a UDP client is only printed." : "");
  }

  private static String expects(Rule rule) {
    return selects(rule) + expected(rule);
  }

  private static String selects(Rule rule) {
    return rule.scope().selectsByOwner()
        ? "It selects the listeners of " + owners(rule.scope().owners()) + ". "
        : "";
  }

  private static String expected(Rule rule) {
    return switch (rule.expect()) {
      case CLOSED ->
          "Nothing may listen, on any address. A listener is" + finding(FindingKind.OPEN, rule);
      case ALLOWED -> "A listener is allowed" + terms(rule);
      case REQUIRED ->
          "A listener is required"
              + terms(rule)
              + " A missing listener is"
              + finding(FindingKind.MISSING, rule);
    };
  }

  private static String terms(Rule rule) {
    boolean anywhere = rule.terms().addresses().isEmpty();
    boolean anybody = rule.terms().by().isEmpty();
    return (anywhere ? ", on any address" : ", only on " + addresses(rule.terms().addresses()))
        + (anybody
            ? ", with any owner."
            : ", only with the owner " + owners(rule.terms().by()) + ".")
        + (anywhere ? "" : " Another address is" + finding(FindingKind.EXPOSED, rule))
        + (anybody ? "" : " Another owner is" + finding(FindingKind.WRONG_OWNER, rule));
  }

  private static String finding(FindingKind kind, Rule rule) {
    long seconds = rule.notifySettings().holdFor(kind).toSeconds();
    String delay = seconds == 0 ? "" : ", notified after " + seconds + " seconds";
    return " a finding (" + kind.label() + ", " + rule.severity().label() + ")" + delay + ".";
  }

  private static String addresses(List<AddressTerm> terms) {
    return terms.stream().map(PortDecision::text).collect(Collectors.joining(" or "));
  }

  private static String text(AddressTerm term) {
    if (term instanceof AddressTerm.Any) {
      return "any address";
    }
    if (term instanceof AddressTerm.Loopback) {
      return "loopback (127.0.0.0/8, ::1)";
    }
    if (term instanceof AddressTerm.Private) {
      return "a private address";
    }
    if (term instanceof AddressTerm.Interface) {
      return "the interface " + term;
    }
    if (term instanceof AddressTerm.Cidr) {
      return "an address within " + term;
    }
    return "the address " + term;
  }

  private static String owners(List<OwnerTerm> terms) {
    return terms.stream().map(OwnerTerm::toString).collect(Collectors.joining(" or "));
  }
}
