package io.portcurfew.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StoreDeletionTest extends OpenedStore {

  @Test
  void historyIsDeletedAfter90Days_butNotFiring() throws Exception {
    saved.scan(611, 612);
    saved.scan(611);
    saved.store.ledger().delivered("ops", saved.sent.get(0), 1);
    for (int day = 0; day < 92; day++) {
      saved.pass(Duration.ofDays(1));
      saved.store.maintain();
    }
    assertThat(saved.count("alert")).isEqualTo(1);
    assertThat(saved.count("notification")).isZero();
    assertThat(saved.count("body")).isEqualTo(1);
  }

  @Test
  void startWithTheClockAhead_deletesNothing() throws Exception {
    saved.scan(611);
    saved.scan();
    for (int start = 0; start < 2; start++) {
      saved.store.close();
      saved.now = saved.now.plus(Duration.ofDays(3650));
      saved.open();
      runFor(Duration.ofDays(3));
      assertThat(saved.count("alert")).isEqualTo(1);
    }
    saved.store.close();
    saved.now = saved.now.minus(Duration.ofDays(7300));
    saved.open();
    runFor(Duration.ofDays(92));
    assertThat(saved.count("alert")).as("the clock is right again").isZero();
  }

  private void runFor(Duration time) {
    for (long hour = 0; hour < time.toHours(); hour++) {
      saved.pass(Duration.ofHours(1));
      saved.store.maintain();
    }
  }

  @Test
  void pendingForAReceiverThatIsGone_isGivenUpAfterEightDays() throws Exception {
    saved.scan(611);
    runFor(Duration.ofDays(7));
    assertThat(saved.pending("ops")).hasSize(1);
    runFor(Duration.ofDays(2));
    assertThat(saved.pending("ops")).isEmpty();
    assertThat(saved.store.state().refused()).isEmpty();
  }

  @Test
  void clockSetForward_deletesNothing() throws Exception {
    saved.scan(611);
    saved.scan();
    saved.store.maintain();
    saved.now = saved.now.plus(Duration.ofDays(3650));
    saved.elapsed = saved.elapsed.plus(Duration.ofMinutes(6));
    saved.store.maintain();

    assertThat(saved.count("alert")).isEqualTo(1);
  }
}
