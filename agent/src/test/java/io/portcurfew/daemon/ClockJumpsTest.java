package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ClockJumpsTest {

  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private Duration elapsed = Duration.ofDays(3);

  private final ClockJumps jumps =
      new ClockJumps(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          },
          () -> elapsed);

  private void pass(Duration wall, Duration monotonic) {
    now = now.plus(wall);
    elapsed = elapsed.plus(monotonic);
  }

  @Test
  void timeThatPassesIsNoJump() {
    pass(Duration.ofHours(5), Duration.ofHours(5));
    assertThat(jumps.next()).isEmpty();
  }

  @Test
  void clockSetBack_isSeenOnce() {
    pass(Duration.ofSeconds(-3590), Duration.ofSeconds(10));
    assertThat(jumps.next()).contains(Duration.ofHours(-1));
    pass(Duration.ofSeconds(10), Duration.ofSeconds(10));
    assertThat(jumps.next()).isEmpty();
  }

  @Test
  void aSuspendedHostIsAJumpForward() {
    pass(Duration.ofHours(8), Duration.ofSeconds(1));
    assertThat(jumps.next()).contains(Duration.ofHours(8).minusSeconds(1));
  }

  @Test
  void ntpCorrection_isNoJump() {
    pass(Duration.ofMillis(10_300), Duration.ofSeconds(10));
    assertThat(jumps.next()).isEmpty();
  }
}
