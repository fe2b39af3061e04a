package io.portcurfew.policy;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the findings of a rule are told.
 *
 * @param because why the rule is there, in the words of its author
 * @param holdFor how long any finding of the rule is pending before an alert fires; {@code null}
 *     where the rule does not say
 * @param labels what travels with the alert beside its own labels
 * @param runbook where it is written what to do
 */
public record NotifySettings(
    Severity severity,
    @Nullable String because,
    @Nullable Duration holdFor,
    SortedMap<String, String> labels,
    @Nullable URI runbook) {

  /** How long a required endpoint may be missing before an alert fires: a restart is no alarm. */
  private static final Duration RESTART = Duration.ofSeconds(30);

  public NotifySettings {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** With a reason, and nothing more. */
  public static NotifySettings of(Severity severity, @Nullable String because) {
    return new NotifySettings(severity, because, null, new TreeMap<>(), null);
  }

  /** With nothing more. */
  public static NotifySettings of(Severity severity) {
    return of(severity, null);
  }

  /** The same with other labels. */
  public NotifySettings with(Map<String, String> others) {
    return new NotifySettings(severity, because, holdFor, new TreeMap<>(others), runbook);
  }

  /**
   * How it is told that this rule's endpoint is hidden: at once and as critical, whatever the rule
   * says of its own findings. Its labels still say who is to be told.
   */
  public NotifySettings hidden() {
    return new NotifySettings(Severity.CRITICAL, null, Duration.ZERO, labels, runbook);
  }

  /** How long a finding of this kind is pending before an alert fires. */
  public Duration holdFor(FindingKind kind) {
    if (holdFor != null) {
      return holdFor;
    }
    return kind == FindingKind.MISSING ? RESTART : Duration.ZERO;
  }
}
