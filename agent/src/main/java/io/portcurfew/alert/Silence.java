package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Stops the notifications of some alerts for a while. It hides nothing: the alerts are followed and
 * shown as usual.
 *
 * @param rule the rule whose alerts it matches; {@code null} for any rule
 * @param endpoint the endpoint whose alerts it matches; {@code null} for any endpoint
 * @param author the user who created it
 */
public record Silence(
    String id,
    @Nullable String rule,
    @Nullable Endpoint endpoint,
    Instant startsAt,
    Instant endsAt,
    String author,
    String comment) {

  /**
   * True from its start to its end. It is not active if the clock was set to before its start: too
   * many notifications are better than too few.
   */
  public boolean isActive(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }

  /** True if this silence applies to the finding. */
  public boolean matches(Finding finding) {
    return (rule == null || rule.equals(finding.rule()))
        && (endpoint == null || endpoint.equals(finding.endpoint()));
  }

  /** A copy that ends at this time. */
  public Silence endedAt(Instant now) {
    return new Silence(id, rule, endpoint, startsAt, now, author, comment);
  }
}
