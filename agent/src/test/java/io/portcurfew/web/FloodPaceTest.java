package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FloodPaceTest {

  private final FloodPace pace = new FloodPace();

  private Duration pauseAt(long millis) {
    return pace.pause(Duration.ofMillis(millis));
  }

  @Test
  void requestsWithoutAFloodDoNotWait() {
    assertThat(pauseAt(0)).isZero();
    assertThat(pauseAt(0)).isZero();
  }

  @Test
  void requestsOfAFloodAreSpaced() {
    pace.refused(Duration.ofMillis(100));
    assertThat(pauseAt(100)).isZero();
    assertThat(pauseAt(100)).isEqualTo(FloodPace.SPACE);
    assertThat(pauseAt(103)).isEqualTo(FloodPace.SPACE.multipliedBy(2).minusMillis(3));
    assertThat(pauseAt(300)).isZero();
  }

  @Test
  void floodEndsAfterItsLastRefusal() {
    pace.refused(Duration.ZERO);
    long end = FloodPace.LASTS.toMillis();
    assertThat(pauseAt(end)).isZero();
    assertThat(pauseAt(end)).isPositive();
    assertThat(pauseAt(end + 1)).isZero();
    assertThat(pauseAt(end + 1)).isZero();
  }
}
