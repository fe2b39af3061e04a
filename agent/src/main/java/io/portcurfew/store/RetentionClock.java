package io.portcurfew.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time by which old history is deleted. It follows the wall clock, but no step of it forward:
 * history that was deleted because of a wrong clock would not return. After such a step it runs on
 * at the speed of monotonic time, over restarts too, so history is kept longer at worst.
 */
final class RetentionClock {

  /** The longest time without an agent that the wall clock is believed at a start. */
  private static final Duration PAUSE = Duration.ofDays(7);

  /** The greatest step of the wall clock that is believed while the agent runs. */
  private static final Duration STEP = Duration.ofHours(1);

  private @Nullable Instant proven;
  private Duration provenAt;
  private Duration believed = PAUSE;

  /** Follows the wall clock from its first reading. */
  RetentionClock(Duration elapsed) {
    this.provenAt = elapsed;
  }

  /** Continues from the time of the previous agent. */
  void continueFrom(Instant earlier) {
    if (proven == null) {
      proven = earlier;
    }
  }

  /** The time that the wall clock has proven so far; {@code null} before its first reading. */
  @Nullable Instant proven() {
    return proven;
  }

  /**
   * Takes a reading of the wall clock and returns the time for deletion.
   *
   * @param elapsed monotonic time
   */
  Instant at(Instant wall, Duration elapsed) {
    Instant before = proven;
    Instant expected = before == null ? wall : before.plus(elapsed.minus(provenAt));
    boolean plausible = Duration.between(expected, wall).compareTo(believed) <= 0;
    Instant now = plausible && wall.isAfter(expected) ? wall : expected;
    proven = now;
    provenAt = elapsed;
    believed = STEP;
    return wall.isBefore(now) ? wall : now;
  }
}
