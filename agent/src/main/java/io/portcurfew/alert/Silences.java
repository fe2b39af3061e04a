package io.portcurfew.alert;

import io.portcurfew.judge.Finding;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The silences in force at a look, and what they make of it: what would be told is held back, and
 * told as soon as no silence is about the alert any more. That an alert is over is told all the
 * same, where people know that it fires.
 *
 * @param inForce all of them hold now
 */
public record Silences(List<Silence> inForce) {

  /** None. */
  public static final Silences NONE = new Silences(List.of());

  public Silences {
    inForce = List.copyOf(inForce);
  }

  /** Those of all that hold now. */
  public static Silences at(Instant now, List<Silence> all) {
    return all.isEmpty()
        ? NONE
        : new Silences(all.stream().filter(one -> one.isInForce(now)).toList());
  }

  /** Those that are about this finding. */
  public List<Silence> about(Finding finding) {
    return inForce.stream().filter(one -> one.isAbout(finding)).toList();
  }

  /**
   * What becomes of what a look has made of an alert.
   *
   * @param begins whether it begins to fire with this look
   */
  AlertTransition.Taken hold(AlertTransition.Taken next, boolean begins, Instant now) {
    Alert alert = next.alert();
    Reason held = alert.course().held();
    if (alert.state() == AlertState.PENDING || (inForce.isEmpty() && held == null)) {
      return next;
    }
    if (alert.state() == AlertState.RESOLVED) {
      Reason reason = held == Reason.FIRST ? null : next.reason();
      return new AlertTransition.Taken(alert.with(alert.course().holding(null)), reason);
    }
    if (!about(alert.finding()).isEmpty()) {
      Reason holding = begins ? Reason.FIRST : worse(held, next.reason());
      return new AlertTransition.Taken(alert.with(alert.course().holding(holding)), null);
    }
    return held == null ? next : released(alert, worse(held, next.reason()), now);
  }

  /** What is told later of what was held back, and of what came since. */
  private static Reason worse(@Nullable Reason held, @Nullable Reason next) {
    if (held == Reason.FIRST) {
      return held;
    }
    if (next == null || next == Reason.REPEATED) {
      return held == null ? Reason.REPEATED : held;
    }
    return next;
  }

  private static AlertTransition.Taken released(Alert alert, Reason reason, Instant now) {
    NotificationState course = alert.course().holding(null).told(now);
    return new AlertTransition.Taken(
        alert.with(course), course.flapping() ? Reason.FLAPPING : reason);
  }
}
