package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one look makes of a single alert, and why people are told of it. */
record AlertTransition(Instant now, Duration repeatEvery) {

  /**
   * An alert after the look.
   *
   * @param reason why people are told; {@code null} where they are not
   */
  record Taken(Alert alert, @Nullable Reason reason) {

    /** The same, after people were told what they are to be told. */
    Taken told() {
      return reason == null || reason == Reason.RESOLVED
          ? this
          : new Taken(alert.with(alert.course().toldAs(alert.finding().severity())), reason);
    }
  }

  /** A pending alert that was seen: it fires once its finding has held for long enough. */
  Taken held(Alert alert) {
    Finding finding = alert.finding();
    boolean held = Duration.between(alert.startsAt(), now).compareTo(finding.holdFor()) >= 0;
    if (!held) {
      return new Taken(alert, null);
    }
    List<String> owners = OwnerIdentity.of(finding.owners());
    NotificationState course = alert.course().ownedBy(owners).changed(now).told(now);
    return new Taken(
        alert.in(AlertState.FIRING).with(course),
        course.flapping() ? Reason.FLAPPING : Reason.FIRST);
  }

  /** A firing alert that was seen again. */
  Taken goesOn(Alert alert, Finding latest) {
    Alert seen = alert.with(latest);
    NotificationState course = alert.course().calmed(now);
    if (course.goneSince() != null) {
      return new Taken(seen.with(course.gone(null).changed(now)), null);
    }
    List<String> owners = OwnerIdentity.of(latest.owners());
    boolean known = !owners.isEmpty() && !course.owners().isEmpty();
    if (known && !owners.equals(course.owners())) {
      return changed(seen, course.ownedBy(owners));
    }
    return repeated(seen, owners.isEmpty() ? course : course.ownedBy(owners));
  }

  private Taken changed(Alert seen, NotificationState course) {
    NotificationState next = course.changed(now);
    if (course.flapping()) {
      return new Taken(seen.with(next), null);
    }
    return new Taken(seen.with(next.told(now)), next.flapping() ? Reason.FLAPPING : Reason.CHANGED);
  }

  private Taken repeated(Alert seen, NotificationState course) {
    Instant toldAt = course.toldAt();
    if (toldAt == null || now.isBefore(toldAt)) {
      // The clock went back: the time until the next telling begins anew.
      return new Taken(seen.with(course.told(now)), null);
    }
    boolean due = Duration.between(toldAt, now).compareTo(repeatEvery) >= 0;
    // There may be people who are told of the worst alone, and have not heard of it.
    return due || (course.held() == null && seen.isWorseThanTold())
        ? new Taken(seen.with(course.told(now)), Reason.REPEATED)
        : new Taken(seen.with(course), null);
  }

  /** A firing alert whose finding is gone. */
  Taken gone(Alert alert) {
    NotificationState course = alert.course();
    Instant since = course.goneSince();
    if (course.flapping()) {
      if (since == null) {
        return new Taken(alert.with(course.changed(now).gone(now)), null);
      }
      return course.isOver(now)
          ? new Taken(alert.over(since), Reason.RESOLVED)
          : new Taken(alert, null);
    }
    NotificationState next = course.changed(now);
    return next.flapping()
        ? new Taken(alert.with(next.gone(now).told(now)), Reason.FLAPPING)
        : new Taken(alert.with(next).over(now), Reason.RESOLVED);
  }
}
