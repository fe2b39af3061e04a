package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The silences that are active during a scan. They hold notifications back until no silence matches
 * the alert any more. A resolution is not held back if its alert was notified.
 *
 * @param active the silences that are active now
 */
public record Silences(List<Silence> active) {

  /** No silences. */
  public static final Silences NONE = new Silences(List.of());

  public Silences {
    active = List.copyOf(active);
  }

  /** Selects the silences that are active now. */
  public static Silences at(Instant now, List<Silence> all) {
    return all.isEmpty()
        ? NONE
        : new Silences(all.stream().filter(one -> one.isActive(now)).toList());
  }

  /** The active silences that match this finding. */
  public List<Silence> matching(Finding finding) {
    return active.stream().filter(one -> one.matches(finding)).toList();
  }

  /**
   * Holds back or releases the notification of an alert after a scan.
   *
   * @param starts true if the alert starts to fire with this scan
   */
  AlertTransition.Transition hold(AlertTransition.Transition next, boolean starts, Instant now) {
    Alert alert = next.alert();
    Reason held = alert.notificationState().held();
    if (alert.state() == AlertState.PENDING || (active.isEmpty() && held == null)) {
      return next;
    }
    if (alert.state() == AlertState.RESOLVED) {
      Reason reason = held == Reason.FIRST ? null : next.reason();
      return new AlertTransition.Transition(
          alert.with(alert.notificationState().holding(null)), reason);
    }
    if (!matching(alert.finding()).isEmpty()) {
      Reason holding = starts ? Reason.FIRST : worse(held, next.reason());
      return new AlertTransition.Transition(
          alert.with(alert.notificationState().holding(holding)), null);
    }
    return held == null ? next : released(alert, worse(held, next.reason()), now);
  }

  /** The reason for one notification in place of a held-back one and a new one. */
  private static Reason worse(@Nullable Reason held, @Nullable Reason next) {
    if (held == Reason.FIRST) {
      return held;
    }
    if (next == null || next == Reason.REPEATED) {
      return held == null ? Reason.REPEATED : held;
    }
    return next;
  }

  private static AlertTransition.Transition released(Alert alert, Reason reason, Instant now) {
    NotificationState state = alert.notificationState().holding(null).notified(now);
    if (state.flapping()) {
      return new AlertTransition.Transition(alert.with(state), Reason.FLAPPING);
    }
    // It may have calmed down during the silence.
    return new AlertTransition.Transition(
        alert.with(state), reason == Reason.FLAPPING ? Reason.REPEATED : reason);
  }
}
