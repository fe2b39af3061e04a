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
 * @param finding as it was last seen
 * @param startsAt when it was first seen
 * @param endsAt when it was first seen to be over; only of a resolved alert
 * @param course what was told of it
 */
public record Alert(
    String id,
    AlertState state,
    Finding finding,
    Instant startsAt,
    @Nullable Instant endsAt,
    NotificationState course) {

  /** An alert of which nothing was told yet. */
  public Alert(
      String id, AlertState state, Finding finding, Instant startsAt, @Nullable Instant endsAt) {
    this(id, state, finding, startsAt, endsAt, NotificationState.NEW);
  }

  /** What makes it the same alert. */
  public AlertKey key() {
    return AlertKey.of(finding);
  }

  /** The same with other words. */
  public Alert with(Finding other) {
    return new Alert(id, state, other, startsAt, endsAt, course);
  }

  Alert with(NotificationState other) {
    return new Alert(id, state, finding, startsAt, endsAt, other);
  }

  Alert in(AlertState other) {
    return new Alert(id, other, finding, startsAt, endsAt, course);
  }

  /** The same, over since then; never before it began. */
  Alert over(Instant since) {
    Instant end = since.isBefore(startsAt) ? startsAt : since;
    return new Alert(id, AlertState.RESOLVED, finding, startsAt, end, course);
  }

  /** Whether it was only told with lesser severities than it has now. */
  boolean isWorseThanTold() {
    SortedSet<Severity> told = course.severities();
    return !told.isEmpty() && told.last().compareTo(finding.severity()) < 0;
  }
}
