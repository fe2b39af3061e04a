package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import io.portcurfew.policy.FindingKind;
import io.portcurfew.policy.NotifySettings;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule's statement about one endpoint in one snapshot; it has no memory.
 *
 * @param rule the name of the rule, or {@link Policy#DEFAULT}
 * @param telling how it is told: severity, the rule's own reason, labels
 * @param endpoint {@code null} where it is about the whole host or a network namespace of it. Of a
 *     missing listener the address is the wildcard
 * @param namespace the network namespace that it is about as a whole; {@code null} where it is
 *     about an endpoint or the whole host
 * @param message one line for a person
 * @param owners who holds the listener, as far as could be seen
 * @param evidence what each source said, a line each
 */
public record Finding(
    FindingKind kind,
    String rule,
    NotifySettings telling,
    @Nullable Endpoint endpoint,
    @Nullable String namespace,
    String message,
    List<Owner> owners,
    List<String> evidence) {

  public Finding {
    owners = List.copyOf(owners);
    evidence = List.copyOf(evidence);
  }

  /** A finding about an endpoint or the whole host. */
  public Finding(
      FindingKind kind,
      String rule,
      NotifySettings telling,
      @Nullable Endpoint endpoint,
      String message,
      List<Owner> owners,
      List<String> evidence) {
    this(kind, rule, telling, endpoint, null, message, owners, evidence);
  }

  /** How much it matters. */
  public Severity severity() {
    return telling.severity();
  }

  /** The rule's own reason. */
  public @Nullable String because() {
    return telling.because();
  }

  /** How long it is pending before an alert fires. */
  public Duration holdFor() {
    return telling.holdFor(kind);
  }

  /** The same finding with other evidence. */
  public Finding with(List<String> others) {
    return new Finding(kind, rule, telling, endpoint, namespace, message, owners, others);
  }

  /** The same finding, of which more is to be said. */
  Finding saying(String more) {
    if (more.isEmpty()) {
      return this;
    }
    return new Finding(kind, rule, telling, endpoint, namespace, message + more, owners, evidence);
  }
}
