package io.portcurfew.explain;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.policy.Rule;
import io.portcurfew.policy.RuleScope;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one rule has to do with an endpoint.
 *
 * @param words why, as what the rule does: {@code is about udp only}
 */
public record TraceStep(Rule rule, Why why, String words) {

  private static final int MOST_PORTS_NAMED = 8;

  /** Why a rule decides or does not. */
  public enum Why {
    /** It is the first that is about the endpoint. */
    DECIDES,
    /** An earlier one is about it too. */
    LATER,
    /** It no longer counts. */
    RAN_OUT,
    OTHER_PORTS,
    OTHER_PROTOCOL,
    OTHER_NAMESPACE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in JSON. */
    public String label() {
      return label;
    }
  }

  /**
   * Holds a rule against an endpoint.
   *
   * @param decided the rule that decides already
   */
  static TraceStep of(Rule rule, Endpoint endpoint, LocalDate day, @Nullable Rule decided) {
    RuleScope scope = rule.scope();
    if (scope.ports().stream().noneMatch(range -> range.contains(endpoint.port()))) {
      return new TraceStep(rule, Why.OTHER_PORTS, "is about port " + ports(scope));
    }
    if (!scope.protocols().contains(endpoint.protocol())) {
      String only = scope.protocols().iterator().next().label();
      return new TraceStep(rule, Why.OTHER_PROTOCOL, "is about " + only + " only");
    }
    if (!rule.isAbout(endpoint)) {
      String only = "is about the namespace " + scope.namespace() + " only";
      return new TraceStep(rule, Why.OTHER_NAMESPACE, only);
    }
    if (!rule.countsOn(day)) {
      return new TraceStep(rule, Why.RAN_OUT, "is about it and ran out on " + rule.until());
    }
    return decided == null
        ? new TraceStep(rule, Why.DECIDES, "is about it and decides")
        : new TraceStep(rule, Why.LATER, "is about it, but " + decided.name() + " comes before");
  }

  private static String ports(RuleScope scope) {
    List<?> ports = scope.ports();
    int more = ports.size() - MOST_PORTS_NAMED;
    return ports.stream()
            .limit(MOST_PORTS_NAMED)
            .map(Object::toString)
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "");
  }
}
