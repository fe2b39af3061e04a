package io.portcurfew.explain;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Listener;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.OwnerTerm;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import io.portcurfew.text.ShortList;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The decision of one rule on an endpoint.
 *
 * @param text the reason as a predicate of the rule: {@code selects only udp}
 */
public record TraceStep(Rule rule, Why why, String text) {

  private static final int MOST_PORTS_NAMED = 8;

  /** The reason why a rule decides or does not. */
  public enum Why {
    /** It is the first active rule that selects the endpoint. */
    DECIDES,
    /** An earlier rule decides. */
    LATER,
    /** It has expired. */
    RAN_OUT,
    /** It selects other ports. */
    OTHER_PORTS,
    /** It selects the other protocol. */
    OTHER_PROTOCOL,
    /** It selects another network namespace. */
    OTHER_NAMESPACE,
    /** It selects the listeners of other owners. */
    OTHER_OWNER,
    /** Its ports are a class of ports, so it names no UDP client. */
    CLIENT;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /**
   * Checks a rule against an endpoint.
   *
   * @param listener the listener that was seen there; {@code null} if there was none
   * @param decided the earlier rule that decides
   */
  static TraceStep of(
      Rule rule,
      Endpoint endpoint,
      @Nullable Listener listener,
      Snapshot snapshot,
      @Nullable Rule decided) {
    LocalDate day = Policy.day(snapshot.takenAt());
    RuleScope scope = rule.scope();
    if (scope.ports().stream().noneMatch(range -> range.contains(endpoint.port()))) {
      return new TraceStep(rule, Why.OTHER_PORTS, "selects only port " + ports(scope));
    }
    if (!scope.protocols().contains(endpoint.protocol())) {
      String only = scope.protocols().iterator().next().label();
      return new TraceStep(rule, Why.OTHER_PROTOCOL, "selects only " + only);
    }
    if (!scope.contains(endpoint)) {
      String only = "selects only the namespace " + scope.namespace();
      return new TraceStep(rule, Why.OTHER_NAMESPACE, only);
    }
    if (scope.selectsByOwner() && (listener == null || !rule.isAbout(listener))) {
      return new TraceStep(
          rule, Why.OTHER_OWNER, "selects only the owner " + owners(scope) + seen(listener));
    }
    if (listener != null
        && snapshot.isOfClient(listener)
        && scope.coversMostOf(snapshot.ephemeral())) {
      String why = "covers most of the client ports, so it names no UDP client";
      return new TraceStep(rule, Why.CLIENT, why);
    }
    if (!rule.countsOn(day)) {
      return new TraceStep(rule, Why.RAN_OUT, "matches, but expired after " + rule.until());
    }
    return decided == null
        ? new TraceStep(rule, Why.DECIDES, "matches and decides")
        : new TraceStep(rule, Why.LATER, "matches, but " + decided.name() + " comes first");
  }

  private static String owners(RuleScope scope) {
    return scope.owners().stream().map(OwnerTerm::toString).collect(Collectors.joining(" or "));
  }

  private static String seen(@Nullable Listener listener) {
    if (listener == null) {
      return ", and no listener was seen";
    }
    return listener.owners().isEmpty() ? ", and the owner is not known" : "";
  }

  private static String ports(RuleScope scope) {
    return ShortList.of(scope.ports(), MOST_PORTS_NAMED);
  }
}
