package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one scan changes a single alert, and the reason to notify. */
record AlertTransition(Instant now, Duration repeatEvery) {

  /**
   * An alert after the scan.
   *
   * @param reason the reason to notify; {@code null} for no notification
   */
  record Transition(Alert alert, @Nullable Reason reason) {

    /** Records the severity of the notification, if there is one. */
    Transition notified() {
      return reason == null || reason == Reason.RESOLVED
          ? this
          : new Transition(
              alert.with(alert.notificationState().notifiedWith(alert.finding().severity())),
              reason);
    }
  }

  /** A pending alert whose finding was seen; it fires once the finding has held for long enough. */
  Transition pending(Alert alert) {
    Finding finding = alert.finding();
    boolean held = Duration.between(alert.startsAt(), now).compareTo(finding.holdFor()) >= 0;
    if (!held) {
      return new Transition(alert, null);
    }
    List<String> owners = OwnerIdentity.of(finding.owners());
    NotificationState state = alert.notificationState().ownedBy(owners).changed(now).notified(now);
    return new Transition(
        alert.in(AlertState.FIRING).with(state), state.flapping() ? Reason.FLAPPING : Reason.FIRST);
  }

  /** A firing alert whose finding was seen again. */
  Transition firing(Alert alert, Finding finding) {
    Alert seen = alert.with(finding);
    NotificationState state = alert.notificationState().calmed(now);
    if (state.goneSince() != null) {
      return new Transition(seen.with(state.gone(null).changed(now)), null);
    }
    List<String> owners = OwnerIdentity.of(finding.owners());
    boolean known = !owners.isEmpty() && !state.owners().isEmpty();
    if (known && !OwnerIdentity.agree(state.owners(), owners)) {
      return changed(seen, state.ownedBy(owners));
    }
    List<String> latest = known ? OwnerIdentity.merge(state.owners(), owners) : owners;
    return repeated(seen, owners.isEmpty() ? state : state.ownedBy(latest));
  }

  private Transition changed(Alert seen, NotificationState state) {
    NotificationState next = state.changed(now);
    if (state.flapping()) {
      return new Transition(seen.with(next), null);
    }
    return new Transition(
        seen.with(next.notified(now)), next.flapping() ? Reason.FLAPPING : Reason.CHANGED);
  }

  private Transition repeated(Alert seen, NotificationState state) {
    Instant notifiedAt = state.notifiedAt();
    if (notifiedAt == null || now.isBefore(notifiedAt)) {
      // The clock went back: the time until the next notification starts anew.
      return new Transition(seen.with(state.notified(now)), null);
    }
    boolean due = Duration.between(notifiedAt, now).compareTo(repeatEvery) >= 0;
    // A receiver that takes only worse severities may not have been notified yet.
    return due || (state.held() == null && seen.hasWorsenedSinceNotified())
        ? new Transition(seen.with(state.notified(now)), Reason.REPEATED)
        : new Transition(seen.with(state), null);
  }

  /** A firing alert whose finding is gone. */
  Transition gone(Alert alert) {
    NotificationState state = alert.notificationState();
    Instant since = state.goneSince();
    if (state.flapping()) {
      if (since == null) {
        return new Transition(alert.with(state.changed(now).gone(now)), null);
      }
      return state.isOver(now)
          ? new Transition(alert.resolvedAt(since), Reason.RESOLVED)
          : new Transition(alert, null);
    }
    NotificationState next = state.changed(now);
    return next.flapping()
        ? new Transition(alert.with(next.gone(now).notified(now)), Reason.FLAPPING)
        : new Transition(alert.with(next).resolvedAt(now), Reason.RESOLVED);
  }
}
