package io.portcurfew.config.web;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.NumberReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.web.access.RequestRate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code rate_limit}: a duration of Go and a number of requests. */
final class RateReader {

  static final List<String> KEYS = List.of("interval", "burst");

  private static final String EXPECTED =
      "a duration from 1us to 24h like 100ms or 1s, or 0 for no limit";
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(us|ms|s|m|h)");
  private static final Pattern FORM = Pattern.compile("(?:[0-9]{1,9}(?:us|ms|s|m|h)){1,4}");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "us", Duration.ofNanos(1_000),
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1));
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final NumberReader BURST = new NumberReader(1, 1_000_000);

  private RateReader() {}

  /** The limit; empty for an interval of 0. */
  static Optional<RequestRate> read(Field field) {
    Optional<Section> section = Section.of(field, KEYS);
    Optional<Duration> interval =
        section.flatMap(inner -> inner.required("interval")).flatMap(RateReader::interval);
    if (interval.filter(Duration::isZero).isPresent()) {
      return Optional.empty();
    }
    Optional<Integer> burst =
        section.flatMap(inner -> inner.required("burst")).flatMap(BURST::read);
    return interval.flatMap(each -> burst.map(most -> new RequestRate(each, most)));
  }

  private static Optional<Duration> interval(Field field) {
    return field.scalar(EXPECTED).flatMap(scalar -> interval(field, scalar.text()));
  }

  private static Optional<Duration> interval(Field field, String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    Duration sum = Duration.ZERO;
    if (FORM.matcher(text).matches()) {
      Matcher part = PART.matcher(text);
      while (part.find()) {
        Duration unit = UNITS.getOrDefault(part.group(2), Duration.ZERO);
        sum = sum.plus(unit.multipliedBy(Long.parseLong(part.group(1))));
      }
      if (sum.compareTo(LONGEST) <= 0) {
        return Optional.of(sum);
      }
    }
    field.wrong("not a duration in this range", EXPECTED);
    return Optional.empty();
  }
}
