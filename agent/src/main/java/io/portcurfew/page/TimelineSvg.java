package io.portcurfew.page;

import io.portcurfew.text.CountedNoun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The picture of the last 24 hours: for each quarter of an hour a bar of openings that goes up and
 * one of closings that goes down. All text in it is made of numbers.
 */
final class TimelineSvg {

  private static final int MINUTES = 15;

  /** One more than a day has, because the first and the last are not whole. */
  private static final int BARS = PageContent.HOURS * 60 / MINUTES + 1;

  private static final int STEP = 10;
  private static final int HALF = 44;
  private static final int SCALE_HOURS = 6;

  private final int[] opened = new int[BARS];
  private final int[] closed = new int[BARS];
  private final Instant start;

  TimelineSvg(List<PageContent.OpenPeriod> history, Instant now) {
    long quarter = MINUTES * 60L;
    long earliest = now.minus(Duration.ofHours(PageContent.HOURS)).getEpochSecond();
    start = Instant.ofEpochSecond(earliest - Math.floorMod(earliest, quarter));
    for (PageContent.OpenPeriod period : history) {
      count(opened, period.first());
      count(closed, period.last());
    }
  }

  private void count(int[] bars, @Nullable Instant at) {
    if (at != null && !at.isBefore(start)) {
      long bar = Duration.between(start, at).toMinutes() / MINUTES;
      bars[(int) Math.min(bar, BARS - 1)]++;
    }
  }

  /** The values of the template. */
  Map<String, Object> values() {
    int most = 1;
    for (int i = 0; i < BARS; i++) {
      most = Math.max(most, Math.max(opened[i], closed[i]));
    }
    List<Map<String, Object>> bars = new ArrayList<>();
    int openings = 0;
    int closings = 0;
    for (int i = 0; i < BARS; i++) {
      openings += opened[i];
      closings += closed[i];
      bar(bars, i, opened[i], most, true);
      bar(bars, i, closed[i], most, false);
    }
    return Map.of(
        "bars",
        bars,
        "hours",
        hours(),
        "openings",
        CountedNoun.of(openings, "opening"),
        "closings",
        CountedNoun.of(closings, "closing"),
        "most",
        most);
  }

  private void bar(List<Map<String, Object>> bars, int i, int count, int most, boolean up) {
    if (count == 0) {
      return;
    }
    int height = Math.max(3, count * HALF / most);
    String at = time(start.plus(Duration.ofMinutes((long) i * MINUTES)));
    bars.add(
        Map.of(
            "class",
            up ? "opened" : "closed",
            "x",
            i * STEP + 1,
            "y",
            up ? HALF - height : HALF + 2,
            "height",
            height,
            "title",
            at + ": " + count + (up ? " opened" : " closed")));
  }

  /** The times of the scale, all equally far from each other. */
  private List<Map<String, Object>> hours() {
    List<Map<String, Object>> hours = new ArrayList<>();
    for (int hour = 0; hour <= PageContent.HOURS; hour += SCALE_HOURS) {
      hours.add(
          Map.of(
              "x", hour * 60 / MINUTES * STEP, "text", time(start.plus(Duration.ofHours(hour)))));
    }
    return hours;
  }

  /** Hours and minutes of UTC. */
  private static String time(Instant at) {
    return at.toString().substring(11, 16);
  }
}
