package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The change of a single alert by one scan, and the reason to notify. */
record AlertTransition(Instant now, Duration repeatEvery) {

  private static final int PAUSE_SHARE = 3;

  /** The least time between two changes of owner that are notified while an alert is flapping. */
  static final Duration OWNER_PAUSE = Duration.ofSeconds(20);

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

  /**
   * A pending alert whose finding is gone; {@code null} once the pause has used up the time for
   * which it was seen. The time adds up over pauses, so that a listener which closes for a moment
   * within each {@code for} is reported.
   */
  @Nullable Transition pendingGone(Alert alert) {
    NotificationState state = alert.notificationState();
    Instant since = state.goneSince() == null ? now : state.goneSince();
    Duration seen = Duration.between(alert.startsAt(), since);
    return used(since).compareTo(seen) >= 0
        ? null
        : new Transition(alert.with(state.gone(since)), null);
  }

  /**
   * A pause shortens the time for which it was seen by a third of the pause, so an alert that is
   * seen rarely never fires.
   */
  private Duration used(Instant since) {
    return Duration.between(since, now).abs().dividedBy(PAUSE_SHARE);
  }

  /** The alert after a pause, with a start as if it had been seen without one. */
  private Alert resumed(Alert alert) {
    Instant since = alert.notificationState().goneSince();
    if (since == null) {
      return alert;
    }
    Instant start = alert.startsAt().plus(Duration.between(since, now)).plus(used(since));
    NotificationState state = alert.notificationState().gone(null);
    return alert.with(state).startedAt(start.isAfter(now) ? now : start);
  }

  /** A pending alert whose finding was seen; it fires once the finding has held for long enough. */
  Transition pending(Alert earlier) {
    Alert alert = resumed(earlier);
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
    List<String> owners = OwnerIdentity.of(finding.owners());
    if (state.goneSince() != null) {
      state = state.gone(null).changed(now);
      seen = seen.with(state);
      if (!isOtherOwner(owners, state)) {
        return new Transition(seen, null);
      }
    }
    if (isOtherOwner(owners, state)) {
      return changed(seen, state, owners);
    }
    if (owners.isEmpty()) {
      return repeated(seen, state);
    }
    boolean known = !state.owners().isEmpty();
    return repeated(
        seen, state.ownedBy(known ? OwnerIdentity.merge(state.owners(), owners) : owners));
  }

  private static boolean isOtherOwner(List<String> owners, NotificationState state) {
    return !owners.isEmpty()
        && !state.owners().isEmpty()
        && !OwnerIdentity.agree(state.owners(), owners);
  }

  /**
   * A flapping alert keeps the owner of its last notification until the pause is over: another
   * owner is not lost, and two that take turns are not two notifications each time.
   */
  private Transition changed(Alert seen, NotificationState state, List<String> owners) {
    Instant notifiedAt = state.notifiedAt();
    if (state.flapping()) {
      boolean due =
          notifiedAt == null || Duration.between(notifiedAt, now).abs().compareTo(OWNER_PAUSE) >= 0;
      return due
          ? new Transition(
              seen.with(state.changed(now).ownedBy(owners).notified(now)), Reason.CHANGED)
          : new Transition(seen.with(state), null);
    }
    NotificationState next = state.changed(now).ownedBy(owners);
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
}
