package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.observe.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Keeps people from being told of some alerts for a while. It hides nothing: the alerts are
 * followed and shown as ever.
 *
 * @param rule the rule whose alerts it is about; {@code null} where it is about those of any
 * @param endpoint the endpoint whose alerts it is about; {@code null} where it is about those of
 *     any
 * @param author who made it
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
   * Whether it holds now. Where the clock was set to before it began it does not: people are told
   * too much rather than too little.
   */
  public boolean isInForce(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }

  /** Whether it is about this finding. */
  public boolean isAbout(Finding finding) {
    return (rule == null || rule.equals(finding.rule()))
        && (endpoint == null || endpoint.equals(finding.endpoint()));
  }

  /** The same, over since then. */
  public Silence endedAt(Instant now) {
    return new Silence(id, rule, endpoint, startsAt, now, author, comment);
  }
}
