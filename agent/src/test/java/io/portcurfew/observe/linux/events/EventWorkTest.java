package io.portcurfew.observe.linux.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EventWorkTest {

  private Duration now = Duration.ofHours(1);
  private final EventWork work = new EventWork(() -> now);

  @Test
  void workThatDoesNotEnd_isStuck() {
    work.begin();
    now = now.plus(EventWork.LONGEST).minusMillis(1);
    assertThat(work.isStuck()).isFalse();
    now = now.plusMillis(1);
    assertThat(work.isStuck()).isTrue();
    work.end();
    assertThat(work.isStuck()).isFalse();
  }

  @Test
  void idleThread_isNotStuck() {
    now = now.plusHours(1);
    assertThat(work.isStuck()).isFalse();
  }
}
