package io.portcurfew.scan;

import io.portcurfew.config.ActiveBundle;
import io.portcurfew.config.ScanTimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that a host has to fetch its first policy bundle before a missing one is a finding. */
final class FirstBundleGrace {

  /** Long enough for one download at its limit, and for a network that comes up after the agent. */
  static final Duration GRACE = Duration.ofSeconds(30);

  private @Nullable Duration awaitedSince;

  /**
   * True while a first bundle is awaited: none was refused, and the time is not over. There is no
   * grace if the next scan may come later than that.
   *
   * @param active the bundle of the policy; {@code null} if none is configured
   * @param refusal why the last bundle was not accepted; {@code null} if none was refused
   * @param now by the monotonic clock
   */
  boolean covers(
      @Nullable ActiveBundle active, @Nullable String refusal, ScanTimes times, Duration now) {
    if (active == null || !active.isAwaited()) {
      awaitedSince = null;
      return false;
    }
    if (awaitedSince == null) {
      awaitedSince = now;
    }
    return refusal == null
        && times instanceof ScanTimes.Every every
        && every.interval().compareTo(GRACE) <= 0
        && now.minus(awaitedSince).compareTo(GRACE) < 0;
  }
}
