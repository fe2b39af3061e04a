package io.portcurfew.notify;

import io.portcurfew.alert.AlertGroup;
import io.portcurfew.alert.Reason;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Lets critical notifications pass the rate limit: of each {@link AlertGroup} one that begins or
 * changes and one that ends within an interval, and as many of all owners together as a burst, for
 * the host and for the other namespaces each. A user has at most half of a burst under all rules
 * together, so that one with many programs leaves room for others. Not thread-safe; times are
 * monotonic.
 */
final class CriticalPass {

  private static final Set<Reason> NEWS =
      Set.of(Reason.FIRST, Reason.CHANGED, Reason.FLAPPING, Reason.ALREADY_FIRING, Reason.RESOLVED);

  private final RateLimit rate;
  private final Map<Passed, Duration> passed = new HashMap<>();

  /** Ends are counted on their own, so that the news of an opening does not hold back its end. */
  private record Passed(AlertGroup group, boolean end) {

    static Passed of(Notification one) {
      return new Passed(AlertGroup.of(one.alert().finding()), one.reason() == Reason.RESOLVED);
    }

    boolean isOfSamePlace(Passed other) {
      return end == other.end && group.isOfHost() == other.group.isOfHost();
    }

    boolean isOfSameUser(Passed other) {
      return isOfSamePlace(other) && group.user().equals(other.group.user());
    }
  }

  CriticalPass(RateLimit rate) {
    this.rate = rate;
  }

  /** True if this notification may pass now. */
  boolean isOpenTo(Notification one, Duration now) {
    passed.values().removeIf(at -> now.minus(at).compareTo(rate.every()) >= 0);
    if (one.summary() != null
        || one.alert().finding().severity() != Severity.CRITICAL
        || !NEWS.contains(one.reason())) {
      return false;
    }
    Passed next = Passed.of(one);
    return !passed.containsKey(next)
        && passed.keySet().stream().filter(next::isOfSamePlace).count() < rate.burst()
        && passed.keySet().stream().filter(next::isOfSameUser).count()
            < Math.max(1, rate.burst() / 2);
  }

  /** Records that it passes. */
  void pass(Notification one, Duration now) {
    passed.put(Passed.of(one), now);
  }
}
