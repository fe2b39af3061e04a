package io.portcurfew.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Monotonic time and a wall clock that may jump; both stand still until the simulation moves them.
 */
final class SteppedTime extends Clock {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private Duration elapsed = Duration.ofHours(1);
  private Duration offset = Duration.ZERO;
  private Duration jumped = Duration.ZERO;
  private int jumps;

  void pass(Duration time) {
    elapsed = elapsed.plus(time);
  }

  /** Sets the wall clock by this much. */
  void jump(Duration by) {
    offset = offset.plus(by);
    jumped = elapsed;
    jumps++;
  }

  Duration elapsed() {
    return elapsed;
  }

  int jumps() {
    return jumps;
  }

  /** True if the wall clock was set within the last second. */
  boolean hasJustJumped() {
    return jumps > 0 && elapsed.minus(jumped).compareTo(Duration.ofSeconds(1)) < 0;
  }

  @Override
  public Instant instant() {
    return START.plus(elapsed).plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
