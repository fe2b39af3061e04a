package io.portcurfew.policy;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the findings of a rule are notified.
 *
 * @param because the reason for the rule, in the words of its author
 * @param holdFor how long an alert of the rule is pending before it fires; {@code null} for the
 *     default of its kind
 * @param labels the rule's own labels, in addition to those of every alert
 * @param runbook the page that explains what to do
 */
public record NotifySettings(
    Severity severity,
    @Nullable String because,
    @Nullable Duration holdFor,
    SortedMap<String, String> labels,
    @Nullable URI runbook) {

  /** The time for which a required listener may be missing, since a restart is normal. */
  private static final Duration RESTART = Duration.ofSeconds(30);

  public NotifySettings {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** With a severity and a reason. */
  public static NotifySettings of(Severity severity, @Nullable String because) {
    return new NotifySettings(severity, because, null, new TreeMap<>(), null);
  }

  /** With a severity only. */
  public static NotifySettings of(Severity severity) {
    return of(severity, null);
  }

  /** The same with other labels. */
  public NotifySettings with(Map<String, String> others) {
    return new NotifySettings(severity, because, holdFor, new TreeMap<>(others), runbook);
  }

  /**
   * The settings for a hidden listener of this rule: at once and critical, whatever the rule sets
   * for its own findings. Its labels still route the alert.
   */
  public NotifySettings hidden() {
    return new NotifySettings(Severity.CRITICAL, null, Duration.ZERO, labels, runbook);
  }

  /** The same, but pending for at least this time. */
  public NotifySettings holdingAtLeast(Duration least) {
    boolean longer = holdFor != null && holdFor.compareTo(least) >= 0;
    return longer ? this : new NotifySettings(severity, because, least, labels, runbook);
  }

  /** The time for which an alert of this kind is pending before it fires. */
  public Duration holdFor(FindingType kind) {
    if (holdFor != null) {
      return holdFor;
    }
    return kind == FindingKind.MISSING ? RESTART : Duration.ZERO;
  }
}
