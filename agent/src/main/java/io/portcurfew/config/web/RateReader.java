package io.portcurfew.config.web;

import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.NumberReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.web.access.RequestRate;
import java.math.BigDecimal;
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
      "a duration from 1us to 24h like 100ms or 1.5s, or 0 for no limit";

  /** A number with or without a fraction, and a unit, as Go's {@code time.ParseDuration} reads. */
  private static final String PART =
      "([0-9]{1,9}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(ns|us|µs|ms|s|m|h)";

  private static final Pattern EACH_PART = Pattern.compile(PART);
  private static final Pattern FORM = Pattern.compile("(?:" + PART + "){1,6}");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "µs", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));
  private static final BigDecimal SHORTEST = BigDecimal.valueOf(1_000);
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Duration.ofHours(24).toNanos());
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
    if (FORM.matcher(text).matches()) {
      BigDecimal nanos = nanos(text);
      boolean inRange = nanos.compareTo(SHORTEST) >= 0 && nanos.compareTo(LONGEST) <= 0;
      if (inRange || nanos.signum() == 0) {
        return Optional.of(Duration.ofNanos(nanos.longValue()));
      }
    }
    field.wrong("not a duration in this range", EXPECTED);
    return Optional.empty();
  }

  private static BigDecimal nanos(String text) {
    BigDecimal sum = BigDecimal.ZERO;
    Matcher part = EACH_PART.matcher(text);
    while (part.find()) {
      BigDecimal unit = NANOS.getOrDefault(part.group(2), BigDecimal.ZERO);
      sum = sum.add(new BigDecimal(part.group(1)).multiply(unit));
    }
    return sum;
  }
}
