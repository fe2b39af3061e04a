package io.portcurfew.config.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations such as {@code 10s}, {@code 5m} or {@code 2h}. */
public final class DurationReader {

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,5})([smh])");
  private static final Pattern NO_UNIT = Pattern.compile("[1-9][0-9]{0,5}");

  private final Duration least;
  private final Duration most;
  private final String expected;

  /** Allows durations from {@code least} to {@code most}, both included. */
  public DurationReader(Duration least, Duration most) {
    this.least = least;
    this.most = most;
    this.expected = "a duration from " + written(least) + " to " + written(most) + ", like 10s";
  }

  /** Reads a duration; adds a problem and returns nothing if it is not valid. */
  public Optional<Duration> read(Field field) {
    return field.scalar(expected).flatMap(scalar -> read(field, scalar.text()));
  }

  private Optional<Duration> read(Field field, String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      String suggestion = NO_UNIT.matcher(text).matches() ? text + "s" : null;
      field.wrong("not a duration", expected, suggestion);
      return Optional.empty();
    }
    Duration duration = Duration.ofSeconds(seconds(form));
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      field.wrong("the duration is out of range", expected);
      return Optional.empty();
    }
    return Optional.of(duration);
  }

  private static long seconds(Matcher form) {
    long number = Long.parseLong(form.group(1));
    return switch (form.group(2)) {
      case "s" -> number;
      case "m" -> number * 60;
      default -> number * 3600;
    };
  }

  /** Writes a duration in hours if they are whole hours, else in seconds. */
  public static String written(Duration duration) {
    boolean hours = !duration.isZero() && duration.toSeconds() % 3600 == 0;
    return hours ? duration.toHours() + "h" : duration.toSeconds() + "s";
  }
}
