package io.portcurfew.judge;

import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.Owner;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule's statement about one endpoint in one snapshot; it has no memory.
 *
 * @param rule the name of the rule, or {@link Policy#DEFAULT}
 * @param endpoint {@code null} where it is about the whole host. Of a missing listener the address
 *     is the wildcard
 * @param message one line for a person
 * @param because the rule's own reason
 * @param owners who holds the listener, as far as could be seen
 * @param evidence what each source said, a line each
 * @param holdFor how long it is pending before an alert fires
 */
public record Finding(
    Kind kind,
    Severity severity,
    String rule,
    @Nullable Endpoint endpoint,
    String message,
    @Nullable String because,
    List<Owner> owners,
    List<String> evidence,
    Duration holdFor) {

  public Finding {
    owners = List.copyOf(owners);
    evidence = List.copyOf(evidence);
  }

  /** The same finding with other evidence. */
  public Finding with(List<String> others) {
    return new Finding(kind, severity, rule, endpoint, message, because, owners, others, holdFor);
  }
}
