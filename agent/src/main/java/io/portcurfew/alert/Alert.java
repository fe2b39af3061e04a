package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import io.portcurfew.policy.Severity;
import java.time.Instant;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A finding followed over time.
 *
 * @param id stable through the whole life of the alert; another life of the same key has another id
 * @param finding the finding as the last scan saw it
 * @param startsAt when a scan first saw it
 * @param endsAt when a scan first saw that it is over; only of a resolved alert
 * @param notificationState the notifications sent about it and its recent changes
 */
public record Alert(
    String id,
    AlertState state,
    Finding finding,
    Instant startsAt,
    @Nullable Instant endsAt,
    NotificationState notificationState) {

  /** An alert without notifications yet. */
  public Alert(
      String id, AlertState state, Finding finding, Instant startsAt, @Nullable Instant endsAt) {
    this(id, state, finding, startsAt, endsAt, NotificationState.NEW);
  }

  /** The identity of the alert over time. */
  public AlertKey key() {
    return AlertKey.of(finding);
  }

  /** A copy with another finding. */
  public Alert with(Finding other) {
    return new Alert(id, state, other, startsAt, endsAt, notificationState);
  }

  Alert with(NotificationState other) {
    return new Alert(id, state, finding, startsAt, endsAt, other);
  }

  Alert startedAt(Instant start) {
    return new Alert(id, state, finding, start, endsAt, notificationState);
  }

  Alert in(AlertState other) {
    return new Alert(id, other, finding, startsAt, endsAt, notificationState);
  }

  /** A resolved copy that ended at this time, but never before it started. */
  Alert resolvedAt(Instant since) {
    Instant end = since.isBefore(startsAt) ? startsAt : since;
    return new Alert(id, AlertState.RESOLVED, finding, startsAt, end, notificationState);
  }

  /** True if a receiver may know it as firing. */
  public boolean wasNotified() {
    return state == AlertState.FIRING
        && notificationState.notifiedAt() != null
        && notificationState.held() != Reason.FIRST;
  }

  /** A resolved copy of an alert that is followed under another id. */
  Alert replacedBy(String other, Instant now) {
    Finding of = finding;
    String message = of.message() + "; it goes on as alert " + other + ", which is older";
    return with(of.withMessage(message)).resolvedAt(now);
  }

  /** True if its severity rose since the last notification. */
  boolean hasWorsenedSinceNotified() {
    SortedSet<Severity> notified = notificationState.severities();
    return !notified.isEmpty() && notified.last().compareTo(finding.severity()) < 0;
  }
}
