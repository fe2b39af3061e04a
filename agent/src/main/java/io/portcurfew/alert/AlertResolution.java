package io.portcurfew.alert;

import io.portcurfew.alert.AlertTransition.Transition;
import io.portcurfew.observe.Snapshot;
import io.portcurfew.policy.Policy;
import java.time.Instant;
import java.util.Set;

/**
 * Resolves the firing alerts whose findings are gone, at once or after they have calmed down.
 *
 * @param rules the rules of the policy that judged this scan; empty if nothing was judged
 */
record AlertResolution(Snapshot snapshot, Set<String> rules, Instant now) {

  /** A firing alert without a finding in a scan that would have shown it. */
  Transition of(Alert alert) {
    Transition next = isOfRemovedRule(alert) ? atOnce(alert) : calmed(alert);
    return new Transition(new ResolutionMessage(snapshot).replaceIn(next.alert()), next.reason());
  }

  /** True if the policy has no such rule any more, so that the finding cannot come back. */
  private boolean isOfRemovedRule(Alert alert) {
    String rule = alert.key().rule();
    return !rules.isEmpty()
        && alert.key().kind().isAboutHost()
        && !rule.equals(Policy.DEFAULT)
        && !rules.contains(rule);
  }

  /** Resolves also a flapping alert. */
  private Transition atOnce(Alert alert) {
    Instant since = alert.notificationState().goneSince();
    return new Transition(alert.resolvedAt(since == null ? now : since), Reason.RESOLVED);
  }

  /** A flapping alert is resolved once its finding has stayed away for long enough. */
  private Transition calmed(Alert alert) {
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
