package io.portcurfew.observe.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnClockTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final TurnClock clock = new TurnClock();

  private List<TurnClock.LookTurn> looks(int count, Duration sinceLast) {
    List<TurnClock.LookTurn> looks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      looks.add(clock.look(sinceLast, false));
    }
    return looks;
  }

  @Test
  void oneFrequentLookInTenSeconds_readsAll() {
    clock.look(Duration.ofSeconds(30), false);
    List<TurnClock.LookTurn> looks = looks(90, SECOND);
    assertThat(looks).filteredOn(TurnClock.LookTurn::readsIdle).hasSize(10);
    assertThat(looks).allMatch(TurnClock.LookTurn::soon);
    assertThat(looks).allMatch(look -> look.share(500) == (look.readsIdle() ? 500 : 0));
  }

  @Test
  void noTwoTurnsAreFurtherApartThanAWholeTurnAndALook() {
    clock.look(Duration.ofSeconds(30), false);
    Duration longest = Duration.ZERO;
    Duration since = Duration.ZERO;
    for (int i = 0; i < 1_000; i++) {
      Duration sinceLast = Duration.ofMillis(i * 617L % 2_000);
      since = since.plus(sinceLast);
      if (clock.look(sinceLast, false).readsIdle()) {
        longest = since.compareTo(longest) > 0 ? since : longest;
        since = Duration.ZERO;
      }
    }
    assertThat(longest).isBetween(TurnClock.WHOLE_TURN, TurnClock.WHOLE_TURN.plus(SECOND));
  }

  @Test
  void distantLook_isATurnOfSome() {
    List<TurnClock.LookTurn> looks = looks(3, TurnClock.SOON);
    assertThat(looks).allMatch(TurnClock.LookTurn::readsIdle).noneMatch(TurnClock.LookTurn::soon);
    assertThat(looks.get(0).share(500)).isEqualTo(64);
    assertThat(looks.get(0).share(5)).isEqualTo(5);
  }

  @Test
  void eachFifthLookAsks() {
    clock.look(Duration.ofSeconds(30), false);
    int silent = 0;
    for (TurnClock.LookTurn look : looks(90, SECOND)) {
      silent = look.asksResting() ? 0 : silent + 1;
      assertThat(silent).isLessThan(TurnClock.LOOKS_PER_QUESTION);
    }
  }

  @Test
  void turnsAreRarer_whereEventsReportEachOpening() {
    clock.look(Duration.ofSeconds(30), true);
    int turns = 0;
    for (int i = 0; i < 95; i++) {
      turns += clock.look(SECOND, true).readsIdle() ? 1 : 0;
    }
    assertThat(turns).isEqualTo(5);
    assertThat(clock.look(TurnClock.WHOLE_TURN.minus(SECOND), false).readsIdle()).isTrue();
  }
}
