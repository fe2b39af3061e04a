package io.portcurfew.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.process.Ticker;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IntervalTimerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void pauses_areOneIntervalOnAverageAndTwoAtMost() {
    IntervalTimer.TimerPace pace = IntervalTimer.TimerPace.around(SECOND, new Random(611));
    List<Duration> pauses = Stream.generate(pace::next).limit(20_000).toList();
    assertThat(pauses).allMatch(pause -> pause.compareTo(SECOND.multipliedBy(2)) < 0);
    double mean = pauses.stream().mapToLong(Duration::toMillis).average().orElseThrow();
    assertThat(mean).isBetween(980.0, 1020.0);
  }

  /** A listener that closes at any fixed time after a scan, and opens after the next, is seen. */
  @Test
  void noTimeAfterAScanIsSafe() {
    IntervalTimer.TimerPace pace = IntervalTimer.TimerPace.around(SECOND, new Random(611));
    long[] tenths = new long[20];
    Stream.generate(pace::next)
        .limit(20_000)
        .forEach(pause -> tenths[(int) (pause.toMillis() / 100)]++);
    assertThat(LongStream.of(tenths)).allMatch(pauses -> pauses > 800);
  }

  @Test
  void pausesWithinAnInterval_areAtMostAFifthEarly() {
    IntervalTimer.TimerPace pace = IntervalTimer.TimerPace.within(SECOND);
    List<Duration> pauses = Stream.generate(pace::next).limit(2_000).toList();
    assertThat(pauses).allMatch(pause -> pause.toMillis() >= 800 && pause.compareTo(SECOND) <= 0);
    assertThat(pauses).doesNotHaveDuplicates();
  }

  @Test
  void twoAgentsScanAtDifferentTimes() {
    List<Duration> one =
        Stream.generate(IntervalTimer.TimerPace.around(SECOND)::next).limit(9).toList();
    List<Duration> other =
        Stream.generate(IntervalTimer.TimerPace.around(SECOND)::next).limit(9).toList();
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void jobsAreDueAtTheirPaceUntilRemoved() {
    try (IntervalTimer timer = new IntervalTimer()) {
      timer.set("often", IntervalTimer.TimerPace.every(Duration.ofMillis(5)));
      timer.set("rarely", IntervalTimer.TimerPace.every(Duration.ofHours(1)));
      for (int i = 0; i < 3; i++) {
        assertThat(timer.await()).containsExactly("often");
      }
      timer.remove("often");
      timer.set("other", IntervalTimer.TimerPace.every(Duration.ofMillis(5)));
      assertThat(timer.await()).containsExactly("other");
    }
  }

  @Test
  void requestedJob_isDueOnce() {
    try (IntervalTimer timer = new IntervalTimer()) {
      timer.set("often", IntervalTimer.TimerPace.every(Duration.ofMillis(5)));
      timer.request("now");
      timer.request("now");
      assertThat(timer.await()).startsWith("now");
      assertThat(timer.await()).containsExactly("often");
    }
  }

  @Test
  void closedTimer_hasNothingDue() {
    IntervalTimer timer = new IntervalTimer();
    timer.request("now");
    timer.close();
    assertThat(timer.await()).isNull();
  }

  /** A job that took an hour runs once more, and the other times of that hour are dropped. */
  @Test
  void timesThatPassedMeanwhile_areDroppedButForOne() {
    Duration now = Ticker.SYSTEM.elapsed();
    try (IntervalTimer timer = new IntervalTimer()) {
      timer.set("job", passedEach(Duration.ofMinutes(10)));
      assertThat(timer.drop("job", now)).isEqualTo(5);
      assertThat(timer.await()).containsExactly("job");
      timer.set("late", passedEach(Duration.ofMinutes(10)));
      assertThat(timer.drop("late", now.minus(Duration.ofHours(2)))).isEqualTo(6);
    }
  }

  /** First due an hour ago, then at this interval. */
  private static IntervalTimer.TimerPace passedEach(Duration interval) {
    Iterator<Duration> first = List.of(Duration.ofMinutes(-59)).iterator();
    return () -> first.hasNext() ? first.next() : interval;
  }
}
