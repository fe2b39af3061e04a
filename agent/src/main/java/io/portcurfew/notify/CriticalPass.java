package io.portcurfew.notify;

import io.portcurfew.alert.AlertGroup;
import io.portcurfew.alert.Reason;
import io.portcurfew.policy.Severity;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Lets critical notifications pass the rate limit: one of each {@link AlertGroup} within an
 * interval, and as many of all owners together as a burst, for the host and for the other
 * namespaces each. Not thread-safe; times are monotonic.
 */
final class CriticalPass {

  private static final Set<Reason> NEWS =
      Set.of(Reason.FIRST, Reason.CHANGED, Reason.FLAPPING, Reason.ALREADY_FIRING);

  private final RateLimit rate;
  private final Map<AlertGroup, Duration> passed = new HashMap<>();

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
    AlertGroup group = AlertGroup.of(one.alert().finding());
    long others =
        passed.keySet().stream().filter(each -> each.isOfHost() == group.isOfHost()).count();
    return !passed.containsKey(group) && others < rate.burst();
  }

  /** Records that it passes. */
  void pass(Notification one, Duration now) {
    passed.put(AlertGroup.of(one.alert().finding()), now);
  }
}
