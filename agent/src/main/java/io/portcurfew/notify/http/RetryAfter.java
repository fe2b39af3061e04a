package io.portcurfew.notify.http;

import io.portcurfew.notify.Backoff;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the Retry-After header (RFC 9110, 10.2.3). */
final class RetryAfter {

  private RetryAfter() {}

  /**
   * The pause from now on, at most {@link Backoff#MOST_ASKED}; {@code null} if the header is
   * missing or neither seconds nor a date.
   */
  static @Nullable Duration of(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    Duration asked = header.matches("[0-9]+") ? seconds(header) : until(header, now);
    boolean tooLong = asked != null && asked.compareTo(Backoff.MOST_ASKED) > 0;
    return tooLong ? Backoff.MOST_ASKED : asked;
  }

  private static Duration seconds(String digits) {
    return digits.length() > 9 ? Backoff.MOST_ASKED : Duration.ofSeconds(Long.parseLong(digits));
  }

  private static @Nullable Duration until(String date, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isBefore(now) ? Duration.ZERO : Duration.between(now, then);
    } catch (DateTimeException notADate) {
      return null;
    }
  }
}
