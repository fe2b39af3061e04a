package io.portcurfew.observe;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * How a listener was open that had closed before a scan could see it.
 *
 * @param source the event source that reported it
 * @param openFor how long it was open; of several openings the last one
 * @param exact false if the end is not known exactly: it was open for at most that long
 * @param count how often it was opened
 * @param first when it was first opened
 * @param last when it was last opened
 */
public record BriefOpening(
    String source, Duration openFor, boolean exact, long count, Instant first, Instant last) {

  /** The source that reports only that a socket has closed. */
  private static final String CLOSINGS_ONLY = "destroy";

  private static final int MILLI = 1_000_000;

  /** This and a later one as one: the counts add up. */
  public BriefOpening and(BriefOpening later) {
    return new BriefOpening(
        later.source, later.openFor, later.exact, count + later.count, first, later.last);
  }

  /** Describes it: {@code closed again after 1.2 ms}. */
  @Override
  public String toString() {
    if (source.equals(CLOSINGS_ONLY)) {
      String often = count == 1 ? "" : count + " times from " + first + " to " + last + ", ";
      return "a socket held this port "
          + often
          + "for at most "
          + words(openFor)
          + ", and it is not known whether it listened";
    }
    String open = (exact ? "after " : "within ") + words(openFor);
    return count == 1
        ? "closed again " + open
        : "opened " + count + " times from " + first + " to " + last + ", last closed " + open;
  }

  private static String words(Duration time) {
    if (time.toMillis() >= 1_000) {
      return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
    }
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() * 1.0 / MILLI);
  }
}
